import pytest

from app.customers.phones import NotAPhone, digits_of, digits_reversed, is_mobile, normalise


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        " 138 0013 8000 ",
        "138-0013-8000",
        "138\u20130013\u20138000",
        "+86 138 0013 8000",
        "(+86)13800138000",
        "008613800138000",
        "8613800138000",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
        "\uff0b86\u3000138\u00a00013\u00a08000",
        "\u202d13800138000\u202c",
        "138\t0013\t8000",
    ],
)
def test_every_way_of_writing_a_number_means_the_same_number(typed):
    assert normalise(typed) == "+8613800138000"


def test_a_number_of_another_country_keeps_its_country():
    assert normalise("+852 9123 4567") == "+85291234567"
    assert normalise("9123 4567", region="HK") == "+85291234567"


def test_a_landline_is_accepted():
    assert normalise("010-8888 1234") == "+861088881234"


def test_a_mobile_number_is_told_from_another():
    assert [is_mobile(each) for each in ("+8613800138000", "+861088881234", "+12025550123")] == [True, False, True]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "12345",
        "138001380001",
        "1380013800",
        "13800138000.0",
        "abc13800138000",
        "1-800-FLOWERS",
        "tel:13800138000",
        "13800138000 ext 5",
        "13800138000/13900139000",
        "+86+8613800138000",
        "=13800138000",
        "110",
        "4008123123",
        "1" * 500,
    ],
)
def test_nonsense_is_refused(typed):
    with pytest.raises(NotAPhone):
        normalise(typed)


def test_endings_are_searched_backwards():
    assert digits_reversed("+8613800138000") == "0008310083168"
    assert digits_of("尾号 ８０００") == "8000"
