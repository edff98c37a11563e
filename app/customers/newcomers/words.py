"""The fields of a customer list, and the headings that shops give them."""

from enum import StrEnum


class Field(StrEnum):
    """What a column of a customer list can be. Names stand in mapping files: never rename one."""

    PHONE = "phone"
    NAME = "name"
    BALANCE = "balance"
    BONUS = "bonus"
    CUSTOMER_NO = "customer_no"
    TYPE = "type"
    GENDER = "gender"
    BIRTHDAY = "birthday"
    ADDRESS = "address"
    LANDLINE = "landline"
    CONTACT_PHONE = "contact_phone"
    EMAIL = "email"
    LANGUAGE = "language"
    ID_NUMBER = "id_number"
    NOTE = "note"


# Chinese words, then English ones. Several pairs of one field: the earlier ones are surer.
WORDS: dict[Field, tuple[tuple[str, str], ...]] = {
    Field.PHONE: (
        (
            "手机 手机号 手机号码 手机电话 移动电话 会员手机 会员手机号 客户手机 客户手机号 "
            "手機 手機號 手機號碼 行動電話 會員手機 會員手機號 客戶手機 客戶手機號",
            "mobile, mobile phone, mobile number, mobile no, cell, cell phone, cellphone",
        ),
        (
            "联系电话 联系方式 联系手机 聯繫電話 聯絡電話 聯系電話 聯絡方式 聯繫方式",
            "contact phone, contact number, contact",
        ),
        (
            "电话 电话号码 会员电话 客户电话 電話 電話號碼 會員電話 客戶電話",
            "phone, phone number, phone no, telephone, telephone number, tel, tel no",
        ),
    ),
    Field.NAME: (
        (
            "姓名 名字 客户姓名 会员姓名 客户名称 会员名称 顾客姓名 名称 "
            "客戶姓名 會員姓名 客戶名稱 會員名稱 顧客姓名 名稱",
            "name, full name, customer name, member name",
        ),
        ("客户 会员 顾客 客戶 會員 顧客", "customer, member"),
    ),
    Field.BALANCE: (
        (
            "余额 账户余额 帐户余额 卡余额 卡内余额 当前余额 剩余金额 储值 储值余额 储值金额 "
            "本金 本金余额 充值余额 可用余额 期初余额 会员余额 "
            "餘額 帳戶餘額 賬戶餘額 卡餘額 卡內餘額 當前餘額 目前餘額 剩餘金額 儲值 儲值餘額 儲值金額 "
            "本金餘額 充值餘額 可用餘額 期初餘額 會員餘額",
            "balance, account balance, card balance, current balance, opening balance, stored value, principal, "
            "prepaid balance",
        ),
    ),
    Field.BONUS: (
        (
            "赠送 赠送余额 赠送金额 赠金 赠金余额 赠款 赠送金 贈送 贈送餘額 贈送金額 贈金 贈金餘額 贈款 贈送金",
            "bonus, bonus balance, gift, gift balance",
        ),
    ),
    Field.CUSTOMER_NO: (
        (
            "卡号 会员卡号 会员号 会员编号 客户编号 客户号 会员卡 编号 "
            "卡號 會員卡號 會員號 會員編號 客戶編號 客戶號 會員卡 編號",
            "card no, card number, member no, member number, customer no, customer number, card, membership no",
        ),
    ),
    Field.TYPE: (
        ("类型 客户类型 会员类型 客户类别 類型 客戶類型 會員類型 客戶類別", "type, customer type, member type"),
    ),
    Field.GENDER: (("性别 性別", "gender, sex"),),
    Field.BIRTHDAY: (
        ("生日 出生日期 出生年月日 会员生日 會員生日", "birthday, date of birth, birth date, birthdate, dob"),
    ),
    Field.ADDRESS: (
        ("地址 联系地址 住址 家庭地址 通讯地址 客户地址 聯繫地址 聯絡地址 通訊地址 客戶地址", "address, home address"),
    ),
    Field.LANDLINE: (
        ("固定电话 固话 座机 家庭电话 住宅电话 固定電話 市話 家用電話", "landline, home phone, fixed phone"),
    ),
    Field.CONTACT_PHONE: (
        ("备用电话 其他电话 第二电话 備用電話 其他電話 第二電話", "second phone, other phone, alternative phone"),
    ),
    Field.EMAIL: (("邮箱 电子邮箱 电子邮件 郵箱 電子郵箱 電子郵件 信箱", "email, e mail, email address, mail"),),
    Field.LANGUAGE: (("语言 通知语言 語言 通知語言", "language, preferred language"),),
    Field.ID_NUMBER: (
        (
            "身份证 身份证号 身份证号码 证件号 证件号码 身份證 身份證號 身份證號碼 身分證 身分證字號 證件號碼",
            "id number, id no, id card, identity card, national id",
        ),
    ),
    Field.NOTE: (("备注 说明 附注 備註 備考 說明 附註", "note, notes, remark, remarks, comment, comments, memo"),),
}
