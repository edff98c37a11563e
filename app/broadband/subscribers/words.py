"""The columns of a subscriber list (S2.6), and the headings that providers give them."""

from enum import StrEnum

from app.broadband.models import ServiceStatus
from app.core.errors import N_
from app.customers.newcomers.words import WORDS as OF_CUSTOMERS
from app.customers.newcomers.words import Field as OfCustomers


class Field(StrEnum):
    """What a column of a subscriber list can be. Names stand in mapping files: never rename one."""

    PHONE = "phone"
    CUSTOMER_NAME = "customer_name"
    COMMUNITY = "community"
    ADDRESS = "address"
    CONTACT_PHONE = "contact_phone"
    LANDLINE = "landline"
    ID_NUMBER = "id_number"
    CUSTOMER_ADDRESS = "customer_address"
    BUSINESS_TYPE = "business_type"
    PACKAGE_TYPE = "package_type"
    FEE = "fee"
    ACCESS_ORDER_NO = "access_order_no"
    BROADBAND_ACCOUNT = "broadband_account"
    BROADBAND_PASSWORD = "broadband_password"  # noqa: S105 - the name of a column
    BOUND_NUMBER = "bound_number"
    SALESPERSON = "salesperson"
    INSTALLER = "installer"
    REMARK = "remark"
    USER_STATUS = "user_status"
    APPLY_DATE = "apply_date"
    ACTIVATION_DATE = "activation_date"
    STOP_DATE = "stop_date"
    ANCHOR_DAY = "anchor_day"
    SUSPENDED_ON = "suspended_on"
    CLOSED_ON = "closed_on"


LABELS: dict[str, str] = {
    Field.PHONE: N_("Phone"),
    Field.CUSTOMER_NAME: N_("Customer name"),
    Field.COMMUNITY: N_("Community"),
    Field.ADDRESS: N_("Address"),
    Field.CONTACT_PHONE: N_("Contact phone"),
    Field.LANDLINE: N_("Landline"),
    Field.ID_NUMBER: N_("ID card no."),
    Field.CUSTOMER_ADDRESS: N_("Customer's address"),
    Field.BUSINESS_TYPE: N_("Business type"),
    Field.PACKAGE_TYPE: N_("Package type"),
    Field.FEE: N_("Fee"),
    Field.ACCESS_ORDER_NO: N_("Access order no."),
    Field.BROADBAND_ACCOUNT: N_("Broadband account"),
    Field.BROADBAND_PASSWORD: N_("Password"),
    Field.BOUND_NUMBER: N_("Bound number"),
    Field.SALESPERSON: N_("Salesperson"),
    Field.INSTALLER: N_("Installer"),
    Field.REMARK: N_("Remark"),
    Field.USER_STATUS: N_("User status"),
    Field.APPLY_DATE: N_("Apply date"),
    Field.ACTIVATION_DATE: N_("Activation date"),
    Field.STOP_DATE: N_("Stop date"),
    Field.ANCHOR_DAY: N_("Anchor day"),
    Field.SUSPENDED_ON: N_("Suspended on"),
    Field.CLOSED_ON: N_("Closed on"),
}
# Chinese words, then English ones, as in a customer list. The first one of each is what the source calls it.
WORDS: dict[Field, tuple[tuple[str, str], ...]] = {
    Field.PHONE: OF_CUSTOMERS[OfCustomers.PHONE],
    Field.CUSTOMER_NAME: (
        (
            "客户姓名 客戶姓名 用户姓名 用戶姓名 用户名 用戶名 用户名称 用戶名稱 姓名 名字 户名 戶名 客户名称 客戶名稱",
            "customer name, name, full name, subscriber, subscriber name, user name",
        ),
        ("客户 用户 客戶 用戶", "customer, user"),
    ),
    Field.COMMUNITY: (
        (
            "小区名称 小區名稱 小区 小區 小区代码 小區代碼 楼盘 樓盤 社区 社區",
            "community, community name, community code, compound, estate, residential compound",
        ),
    ),
    Field.ADDRESS: (
        (
            "安装地址 安裝地址 装机地址 裝機地址 施工地址 用户地址 用戶地址 房号 房號 门牌号 門牌號",
            "installation address, service address, installed at",
        ),
        ("地址 住址 详细地址 詳細地址", "address"),
    ),
    Field.CONTACT_PHONE: OF_CUSTOMERS[OfCustomers.CONTACT_PHONE],
    Field.LANDLINE: OF_CUSTOMERS[OfCustomers.LANDLINE],
    Field.ID_NUMBER: OF_CUSTOMERS[OfCustomers.ID_NUMBER],
    Field.CUSTOMER_ADDRESS: (
        (
            "家庭住址 家庭地址 客户地址 客戶地址 联系地址 聯繫地址 聯絡地址 通讯地址 通訊地址",
            "customer address, home address, postal address",
        ),
    ),
    Field.BUSINESS_TYPE: (
        ("业务类型 業務類型 接入方式 接入类型 接入類型", "business type, access type, access, connection"),
    ),
    Field.PACKAGE_TYPE: (
        ("套餐类型 套餐類型 套餐 套餐名称 套餐名稱 资费 資費", "package type, package, plan, tariff"),
    ),
    Field.FEE: (("费用 費用 套餐费 套餐費 协议价 協議價 价格 價格", "fee, agreed fee, package fee, price"),),
    Field.ACCESS_ORDER_NO: (("接入单号 接入單號 接入号 接入號", "access order no, access order number, line no"),),
    Field.BROADBAND_ACCOUNT: (
        (
            "宽带账号 寬帶賬號 宽带帐号 寬帶帳號 寬頻帳號 上网账号 上網帳號 账号 帐号 賬號 帳號",
            "broadband account, account, login, pppoe, pppoe account",
        ),
    ),
    Field.BROADBAND_PASSWORD: (
        ("密码 密碼 宽带密码 寬帶密碼 上网密码 上網密碼", "password, broadband password, pppoe password"),
    ),
    Field.BOUND_NUMBER: (
        ("绑定号码 綁定號碼 绑定 綁定 光猫编号 光貓編號 mac地址", "bound number, bound to, mac, mac address, onu"),
    ),
    Field.SALESPERSON: (("业务员 業務員 销售员 銷售員", "salesperson, sales person, salesman, sold by"),),
    Field.INSTALLER: (
        ("安装人员 安裝人員 施工人员 施工人員 装机员 裝機員 安装员 安裝員", "installer, installed by, fitter"),
    ),
    Field.REMARK: OF_CUSTOMERS[OfCustomers.NOTE],
    Field.USER_STATUS: (
        ("用户状态 用戶狀態 状态 狀態 客户状态 客戶狀態", "user status, status, state, service status"),
    ),
    Field.APPLY_DATE: (
        (
            "报装日期 報裝日期 申请日期 申請日期 登记日期 登記日期",
            "application date, apply date, applied on, ordered on",
        ),
    ),
    Field.ACTIVATION_DATE: (
        (
            "开通日期 開通日期 开户日期 開戶日期 启用日期 啟用日期",
            "activation date, activated on, opening date, opened on, start date",
        ),
    ),
    Field.STOP_DATE: (
        (
            "停止日期 到期日期 到期日 到期时间 到期時間 截止日期 有效期至",
            "stop date, paid until, expiry date, expires on, valid until, end date",
        ),
    ),
    Field.ANCHOR_DAY: (("计费日 計費日 起始日 账单日 帳單日 賬單日", "anchor day, billing day, day of month"),),
    Field.SUSPENDED_ON: (
        ("报停日期 報停日期 强停日期 強停日期 停机日期 停機日期", "suspended on, suspension date, suspended since"),
    ),
    Field.CLOSED_ON: (("销户日期 銷戶日期 注销日期 註銷日期", "closed on, closing date, closed"),),
}
STATES = {
    ServiceStatus.PENDING: "pending-install pending 报装 報裝 待装 待裝 待安装 待安裝 未安装 未安裝 未开通 未開通",
    ServiceStatus.ACTIVE: "active open switched-on expired 开通 開通 正常 在用 使用中 已开通 已開通 到期 已到期 过期"
    " 過期",
    ServiceStatus.SUSPENDED: "suspended 报停 報停 停机 停機 暂停 暫停 停用 已报停 已報停",
    ServiceStatus.FORCED: "force-suspended forced 强停 強停 强制停机 強制停機 欠费停机 欠費停機",
    ServiceStatus.CLOSED: "closed 销户 銷戶 已销户 已銷戶 注销 註銷 拆机 拆機",
}
