"""Who there is in the demo: stores, staff, and as many customers as wanted, each with a phone number of his own."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from app.core.permissions import ORDINARY_ADMIN
from app.customers.models import CustomerType, Gender

CHAIN = "橙巷咖啡"


class DemoStore(NamedTuple):
    """A store. code: None for the one that every house has from its first day."""

    code: str | None
    name: str
    street: str
    share: float


STORES = (
    DemoStore(None, f"{CHAIN} 人民路店", "人民路", 0.48),
    DemoStore("zhongshan", f"{CHAIN} 中山路店", "中山路", 0.31),
    DemoStore("university", f"{CHAIN} 大学城店", "学院路", 0.21),
)


class DemoClerk(NamedTuple):
    """A member of staff. store: his place in STORES; None: all of them."""

    username: str
    name: str
    role: str
    store: int | None


STAFF = (
    DemoClerk("chen.jing", "陈静", ORDINARY_ADMIN, 0),
    DemoClerk("wang.lei", "王磊", "cashier", 0),
    DemoClerk("li.na", "李娜", ORDINARY_ADMIN, 1),
    DemoClerk("zhao.peng", "赵鹏", "cashier", 1),
    DemoClerk("liu.yang", "刘洋", ORDINARY_ADMIN, 2),
    DemoClerk("grace.miller", "Grace Miller", "cashier", 2),
    DemoClerk("zhou.min", "周敏", "finance", None),
)


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙"
)
GIVEN = {
    Gender.FEMALE: _words(
        "婷 敏 静 倩 慧 丹 艳 莉 雪梅 丽娟 秀英 欣怡 雨桐 梦洁 佳怡 晓燕 雅琴 思琪 海霞 玉兰",
        "诗涵 子萱 红梅 美玲 可欣 若曦 春华 文静 语嫣 桂芳",
    ),
    Gender.MALE: _words(
        "伟 强 磊 洋 勇 军 杰 涛 明 晨 建华 志强 浩然 子轩 俊杰 宇航 博文 天佑 国栋 海波",
        "鹏飞 家豪 文斌 立新 思远 一鸣 永康 小龙 泽宇 振华",
    ),
}
WESTERN = {
    Gender.FEMALE: _words("Emma Olivia Sophie Alice Julia Hannah Laura Megan Chloe Nina"),
    Gender.MALE: _words("James Oliver Daniel Thomas Ben Lucas Martin Peter Simon Adam"),
}
WESTERN_SURNAMES = _words("Smith Taylor Wilson Brown Evans Walker Clarke Novak Weber Rossi Dubois Larsen Murphy")
FIRMS = _words("华信 宏远 博雅 天成 新维 启明 安达 汇通 瑞丰 云图 恒基 嘉禾")
TRADES = _words("科技 文化传媒 设计 贸易 教育咨询 物业 建筑 广告")
TYPES = (
    (CustomerType.PERSONAL, 0.86),
    (CustomerType.VIP, 0.07),
    (CustomerType.COMPANY, 0.05),
    (CustomerType.STAFF, 0.02),
)
# Prefixes of which every number of eleven digits is a mobile one.
PREFIXES = (138, 139, 136, 135, 150, 151, 158, 159, 186, 187, 188, 189, 130, 131, 132, 133, 155, 156, 180, 181)
TAILS = 10**8
STRIDE = 61_803_399  # odd and no multiple of 5: counting in this step meets every tail once


class Person(NamedTuple):
    """What a customer tells about himself. store: the place of his store in STORES."""

    phone: str
    name: str
    type: CustomerType
    store: int
    gender: Gender | None
    birthday: date | None
    email: str | None
    address: str | None


def people(seed: int, today: date, start: int = 0) -> Iterator[Person]:
    """More customers than anybody wants, the same ones for the same seed. start: how many of them are others'."""
    chance = Random(f"people {seed}")  # noqa: S311 - nothing here is a secret
    first = chance.randrange(TAILS)
    chance = Random(f"people {seed} {start}") if start else chance  # noqa: S311
    for number in range(start, TAILS):
        yield _person(_phone(number, first), chance, today)


def _phone(number: int, first: int) -> str:
    return f"+86{PREFIXES[number % len(PREFIXES)]}{(first + number * STRIDE) % TAILS:08d}"


def _person(phone: str, chance: Random, today: date) -> Person:
    kind = chance.choices([kind for kind, _ in TYPES], [share for _, share in TYPES])[0]
    store = chance.choices(range(len(STORES)), [store.share for store in STORES])[0]
    if kind is CustomerType.COMPANY:
        name = f"{chance.choice(FIRMS)}{chance.choice(TRADES)}有限公司"
        return Person(phone, name, kind, store, None, None, None, _address(store, chance))
    gender = chance.choice((Gender.FEMALE, Gender.MALE))
    birthday = today - timedelta(days=chance.randrange(18 * 365, 70 * 365)) if chance.random() < 0.4 else None
    told = gender if chance.random() < 0.7 else None
    address = _address(store, chance) if chance.random() < 0.3 else None
    if chance.random() < 0.06:
        first, last = chance.choice(WESTERN[gender]), chance.choice(WESTERN_SURNAMES)
        return Person(phone, f"{first} {last}", kind, store, told, birthday, _email(first, last, chance), address)
    name = chance.choice(SURNAMES) + chance.choice(GIVEN[gender])
    return Person(phone, name, kind, store, told, birthday, None, address)


def _email(first: str, last: str, chance: Random) -> str:
    """An address that nobody can have."""
    return f"{first}.{last}{chance.randrange(10, 99)}@example.com".lower()


def _address(store: int, chance: Random) -> str:
    return f"{STORES[store].street}{chance.randrange(1, 300)}号{chance.randrange(1, 20)}栋{chance.randrange(101, 1804)}"
