"""What the provider of the demo has set up: communities, packages, materials, and its people."""

from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.broadband.basics import nouns
from app.broadband.basics.nouns import Noun
from app.broadband.basics.operations import create_item
from app.broadband.models import Material, Package, Usage
from app.core.actor import Actor
from app.core.permissions import ORDINARY_ADMIN
from app.customers.models import Gender
from app.demo.people import DemoClerk, DemoStore
from app.extensions import db

PLACE = 3  # of its store, behind those of the chain
STORE = DemoStore("broadband", "橙巷宽带 营业厅", "人民路", 0)
STAFF = (
    DemoClerk("sun.li", "孙丽", ORDINARY_ADMIN, PLACE),
    DemoClerk("ma.chao", "马超", "service-desk", PLACE),
    DemoClerk("he.jun", "何军", "installer", PLACE),
)
COUNTER = STAFF[:2]  # who stands at the counter
COMMUNITIES = (
    ("HPL", "和平里", "赵大妈"),
    ("YGHY", "阳光花园", "钱主任"),
    ("CBJY", "翠柏家园", "孙经理"),
    ("JXYF", "锦绣一方", "李主任"),
    ("DHWC", "东湖湾城", "周经理"),
    ("XHXC", "杏花新村", "吴大爷"),
    ("LGTX", "蓝谷天下", "郑经理"),
    ("WFJ", "万福居", "王主任"),
    ("BJGY", "滨江公寓", "冯经理"),
    ("NYXQ", "南苑小区", "陈大妈"),
    ("JDSQ", "金地社区", "褚主任"),
    ("YLWJ", "云麓湾景", "卫经理"),
)
# Name, fee, months, maintenance fee for a month, reminded so many days before; and how often it is chosen.
PACKAGES = (
    ("100M 包月", "69", 1, "0", 3, 10),
    ("100M 包季", "198", 3, "0", None, 12),
    ("200M 半年", "420", 6, "5", None, 14),
    ("200M 包年", "780", 12, "5", 15, 34),
    ("500M 包年", "1080", 12, "0", 15, 22),
    ("1000M 两年", "2280", 24, "0", 30, 8),
)
ACCESS, OFTEN = ("光纤入户", "小区网线", "同轴电缆"), (78, 16, 6)
WORK = ("新装", "移机", "过户", "换套餐", "维修", "拆机")
MATERIALS = (
    ("M001", "皮线光缆", "单芯", "米", "1.20"),
    ("M002", "光猫", "GPON", "台", "168"),
    ("M003", "光纤快速接头", "SC", "个", "3.50"),
    ("M004", "网线", "超五类", "米", "1.80"),
    ("M005", "水晶头", "RJ45", "个", "0.50"),
    ("M006", "无线路由器", "双频", "台", "129"),
    ("M007", "信息面板", "86 型", "个", "12"),
    ("M008", "线槽", "20×10", "米", "2.40"),
    ("M009", "分光器", "1:8", "个", "45"),
    ("M010", "扎带", "100 条", "包", "6"),
)
SELLERS = ("孙丽", "马超", "郑爽", "韩梅")
FITTERS = ("何军", "吕强", "施伟", "张浩", "孔明辉")


class Ground(NamedTuple):
    """What lives of services name: ids in the order of the lists above; of packages and materials the rows."""

    communities: list[int]
    access: list[int]
    work: dict[str, int]
    packages: list[Package]
    materials: list[Material]
    sellers: list[int]
    fitters: list[int]


def set_up(fitter_account: int | None, *, actor: Actor) -> Ground:
    """Set everything up by its verbs. fitter_account: of the first installer, who may sign in."""

    def make(noun: Noun, **values: Any) -> int:
        return create_item(noun, values, actor=actor)

    communities = [
        make(nouns.COMMUNITY, community_code=code, community=name, responsible_person=person)
        for code, name, person in COMMUNITIES
    ]
    access = [make(nouns.BUSINESS_TYPE, usage=Usage.OPENING, business_type=name) for name in ACCESS]
    work = {name: make(nouns.BUSINESS_TYPE, usage=Usage.WORK, business_type=name) for name in WORK}
    packages = [_package(make, *line[:5]) for line in PACKAGES]
    materials = [_material(make, *line) for line in MATERIALS]
    sellers = [_employee(make, number, name, "营业部") for number, name in enumerate(SELLERS, start=1)]
    fitters = []
    for number, name in enumerate(FITTERS, start=1):
        employee = _employee(make, 100 + number, name, "装维部", fitter_account if number == 1 else None)
        fitters.append(make(nouns.INSTALLER, installer_no=f"A{number:02d}", installer_name=name, employee_id=employee))
    return Ground(communities, access, work, _rows(Package, packages), _rows(Material, materials), sellers, fitters)


def _package(make: Any, name: str, fee: str, months: int, maintenance: str, days: int | None) -> int:
    amounts = {"package_fee": Decimal(fee), "maintenance_fee": Decimal(maintenance)}
    return make(nouns.PACKAGE, package_type=name, package_months=months, remind_days_before=days, **amounts)


def _material(make: Any, number: str, name: str, spec: str, unit: str, price: str) -> int:
    said = {"material_no": number, "material_name": name, "spec": spec, "unit": unit}
    return make(nouns.MATERIAL, **said, unit_price=Decimal(price))


def _employee(make: Any, number: int, name: str, department: str, account: int | None = None) -> int:
    said = {"employee_no": f"E{number:03d}", "name": name, "department": department, "staff_id": account}
    return make(nouns.EMPLOYEE, **said, gender=Gender.FEMALE if name in ("孙丽", "郑爽", "韩梅") else Gender.MALE)


def _rows(model: Any, ids: list[int]) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)))
