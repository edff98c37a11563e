"""The verbs of the ledger. No other code in the house writes its tables."""

from app.ledger.chart import GENERAL
from app.ledger.operations.drawers import close_drawer, open_drawer, put_in, take_out
from app.ledger.operations.holds import capture, expire_holds, hold, void
from app.ledger.operations.merging import move_all
from app.ledger.operations.money import adjust, consume, give_back, recharge, refund, repay, sell
from app.ledger.operations.reversals import reverse
from app.ledger.operations.wallets import close_wallets, freeze, open_wallet, set_credit_limit, unfreeze

__all__ = [
    "GENERAL",
    "adjust",
    "capture",
    "close_drawer",
    "close_wallets",
    "consume",
    "expire_holds",
    "freeze",
    "give_back",
    "hold",
    "move_all",
    "open_drawer",
    "open_wallet",
    "put_in",
    "recharge",
    "refund",
    "repay",
    "reverse",
    "sell",
    "set_credit_limit",
    "take_out",
    "unfreeze",
    "void",
]
