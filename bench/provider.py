"""A broadband provider of any size, written straight into PostgreSQL: each customer a subscriber, for two years."""

import psycopg

from bench.ground import House

# 40 communities, 10 employees and installers, 6 packages: a large provider has no more to choose from than a small one.
# g is the subscriber's number, from which all of him follows: two houses hold the same mixture.
SETUP = """
INSERT INTO broadband_community (community_code, community)
SELECT 'K' || lpad(g::text, 5, '0'), 'Garden ' || g FROM generate_series(1, 40) g;
INSERT INTO broadband_package (package_type, package_fee, package_months, maintenance_fee, is_offered)
SELECT g * 50 || 'M', g * 9000, 3, 500, true FROM generate_series(1, 6) g;
INSERT INTO broadband_business_type (usage, business_type)
VALUES ('account-opening', 'FTTH'), ('work-order', 'Repair');
INSERT INTO broadband_employee (employee_no, name)
SELECT 'E' || g, 'Clerk ' || g FROM generate_series(1, 10) g;
INSERT INTO broadband_installer (installer_no, installer_name)
SELECT 'I' || g, 'Installer ' || g FROM generate_series(1, 10) g;
INSERT INTO broadband_material (material_no, material_name, unit_price) VALUES ('M1', 'Cable', 250);
"""
SERVICES = """
INSERT INTO broadband_service (id, service_no, customer_id, store_id, community_id, address, business_type_id,
  package_id, package_type, fee, package_months, maintenance_fee, access_order_no, broadband_account, bound_number,
  salesperson_id, remark, status, apply_date, activation_date, stop_date, anchor_day, suspended_on, closed_on, version,
  created_at)
SELECT g, 'N' || lpad(g::text, 7, '0'), c.id, c.store_id, 1 + g % 40, g || ' Elm Street', 1,
  1 + g % 6, (1 + g % 6) * 50 || 'M', (1 + g % 6) * 9000, 3, 500, 'A' || g, 'line' || g,
  'ONU-' || g, 1 + g % 10, 'remark ' || g,
  CASE g % 20 WHEN 0 THEN 'closed' WHEN 1 THEN 'suspended' WHEN 2 THEN 'force-suspended' WHEN 3 THEN 'pending-install'
  ELSE 'active' END, (CURRENT_DATE - ((g * 37) % 730)::int),
  CASE WHEN g % 20 <> 3 THEN (CURRENT_DATE - ((g * 37) % 730)::int) + 2 END,
  CASE WHEN g % 20 <> 3 THEN CURRENT_DATE + ((g * 13) % 90)::int - 10 END, 1 + (g % 28)::int,
  CASE WHEN g % 20 IN (1, 2) THEN CURRENT_DATE - ((g * 7) % 60)::int END,
  CASE WHEN g % 20 = 0 THEN CURRENT_DATE - ((g * 7) % 400)::int END, 1, now() AT TIME ZONE 'utc'
FROM (SELECT id, store_id, row_number() OVER (ORDER BY id) AS g FROM customer) c
"""
# The kind of a document, of which services, and how many days ago. The payments of a service are three months apart.
KINDS = (
    ("payment", "P", "true", "n * 90 + (g * 7) % 90", 8),
    ("relocation", "M", "g % 12 = 0", "(g * 11) % 600", 1),
    ("transfer", "T", "g % 25 = 0", "(g * 17) % 600", 1),
    ("suspension", "S", "g % 20 IN (1, 4, 5)", "(g * 7) % 60 + CASE WHEN g % 20 = 1 THEN 0 ELSE 200 END", 1),
    ("reactivation", "R", "g % 20 IN (4, 5)", "(g * 7) % 60 + 150", 1),
    ("forced-suspension", "F", "g % 20 = 2", "(g * 7) % 60", 1),
    ("closing", "C", "g % 20 = 0", "(g * 7) % 400", 1),
)
DOCUMENTS = """
INSERT INTO broadband_document (id, document_no, kind, service_id, customer_id, store_id, dated_on, made_at,
  operator_kind, operator_name, fee, credit, method, posting_id, before, after, community_id, address, new_community_id,
  new_address)
SELECT b.last + r, 'B{letter}' || lpad((b.last + r)::text, 7, '0'), '{kind}', service_id, customer_id, store_id,
  day, day + interval '4 hours', 'staff', 'Clerk ' || r % 10, fee, 0, CASE WHEN fee > 0 THEN 'cash' END,
  CASE WHEN fee > 0 THEN b.last + r END, '{{}}', '{{}}', community_id, address,
  CASE WHEN '{kind}' = 'relocation' THEN 1 + r % 40 END,
  CASE WHEN '{kind}' = 'relocation' THEN r || ' Oak' END
FROM (
  SELECT row_number() OVER (ORDER BY CURRENT_DATE - ({ago})::int, g) AS r, g AS service_id, customer_id, store_id,
    CURRENT_DATE - ({ago})::int AS day, community_id, address,
    CASE WHEN '{kind}' IN ('forced-suspension', 'closing') THEN 0 ELSE fee + 1500 END AS fee
  FROM (SELECT id AS g, * FROM broadband_service) s, generate_series(0, {times} - 1) n WHERE {which}
) d, (SELECT coalesce(max(id), 0) AS last FROM broadband_document) b
"""
PAYMENTS = """
INSERT INTO broadband_payment (document_id, package_id, package_type, package_fee, package_months, maintenance_fee,
  months_paid, maintenance_total, other_charge_amount, discount_amount, late_fee, total, package_start, package_end)
SELECT d.id, s.package_id, s.package_type, s.fee, 3, 500, 3, 1500, 0, 0, 0, s.fee + 1500, d.dated_on, d.dated_on + 89
FROM broadband_document d JOIN broadband_service s ON s.id = d.service_id WHERE d.kind = 'payment'
"""
ORDERS = """
INSERT INTO broadband_work_order (id, work_order_no, service_id, customer_id, store_id, installer_id, business_type_id,
  work_kind, installation_fee, handling_fee, labour_material_fee, is_labour_agreed, other_fee, total, document_status,
  work_date, accepted_at, appointment_at, version, created_at)
SELECT g, 'W' || lpad(g::text, 8, '0'), s.id, s.customer_id, s.store_id, 1 + g % 10, 2, 'repair', 8000, 0, 250,
  false, 0, 8250, (ARRAY['draft', 'accepted', 'scheduled', 'in-progress', 'done', 'cancelled'])[1 + g % 6],
  s.apply_date + 5, s.created_at, s.created_at + interval '1 day', 1, s.created_at
FROM (SELECT row_number() OVER (ORDER BY id) AS g, * FROM broadband_service WHERE id % 3 = 0) s;
INSERT INTO broadband_work_order_line (order_id, material_id, material_no, material_name, quantity, unit_price, amount)
SELECT id, 1, 'M1', 'Cable', 100, 250, 250 FROM broadband_work_order;
"""


def settle(house: House) -> House:
    """Make every customer of a house a subscriber."""
    with psycopg.connect(house.plain_url, autocommit=True) as connection:
        connection.execute(SETUP)
        connection.execute(SERVICES)
        for kind, letter, which, ago, times in KINDS:
            said = {"kind": kind, "letter": letter, "which": which, "ago": ago, "times": times}
            connection.execute(DOCUMENTS.format(**said))
        connection.execute(PAYMENTS)
        connection.execute(ORDERS)
        connection.execute("VACUUM ANALYZE")
    return house
