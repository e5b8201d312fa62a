"""Ledger entries of contracts, and the log of what an operation did to them."""

from dataclasses import dataclass, field

from stellar_sdk import xdr

from . import values as v
from .network import key_hash
from .strkey import account_text, contract_text

TEMPORARY = xdr.ContractDataDurability.TEMPORARY
PERSISTENT = xdr.ContractDataDurability.PERSISTENT

# This network's settings: the lifetime of a new or restored persistent entry, and of a temporary one.
MIN_PERSISTENT_TTL = 4096
MIN_TEMPORARY_TTL = 16


class Data:
    """A CONTRACT_DATA entry by its key; the owner is a contract, or an account for its nonces."""

    def __init__(self, owner, key, durability=PERSISTENT):
        self.owner, self.key, self.durability = owner, key, durability

    def ledger_key(self):
        held = xdr.LedgerKeyContractData(self.owner.address, self.key, self.durability)
        return xdr.LedgerKey(xdr.LedgerEntryType.CONTRACT_DATA, contract_data=held)

    def entry(self, value, last_modified):
        held = xdr.ContractDataEntry(xdr.ExtensionPoint(0), self.owner.address, self.key, self.durability, value)
        return _entry(last_modified, xdr.LedgerEntryData(xdr.LedgerEntryType.CONTRACT_DATA, contract_data=held))

    def told(self):
        owner = self.owner
        text = contract_text(owner.id_bytes) if isinstance(owner, v.Contract) else account_text(owner.key)
        kind = "instance" if self.key.type == v.Type.SCV_LEDGER_KEY_CONTRACT_INSTANCE else "data"
        return {
            "contract_id": text,
            "entry": kind,
            "key": v.raw(self.key),
            "code_hash": None,
            "durability": self.durability.name.lower(),
        }

    def shown(self, value):
        return v.raw(value)


class Code:
    """A CONTRACT_CODE entry."""

    durability = PERSISTENT

    def __init__(self, wasm: bytes, with_cost_inputs=True):
        self.wasm, self.hash, self.with_cost_inputs = wasm, v.sha256(wasm), with_cost_inputs

    def ledger_key(self):
        held = xdr.LedgerKeyContractCode(xdr.Hash(self.hash))
        return xdr.LedgerKey(xdr.LedgerEntryType.CONTRACT_CODE, contract_code=held)

    def entry(self, value, last_modified):
        ext = xdr.ContractCodeEntryExt(0)
        if self.with_cost_inputs:
            counts = [xdr.Uint32(n) for n in (40, 3, 2, 0, 4, 1, 0, 1, 4, 64)]
            costs = xdr.ContractCodeCostInputs(xdr.ExtensionPoint(0), *counts)
            ext = xdr.ContractCodeEntryExt(1, v1=xdr.ContractCodeEntryV1(xdr.ExtensionPoint(0), costs))
        held = xdr.ContractCodeEntry(ext, xdr.Hash(self.hash), self.wasm)
        return _entry(last_modified, xdr.LedgerEntryData(xdr.LedgerEntryType.CONTRACT_CODE, contract_code=held))

    def told(self):
        return {
            "contract_id": None,
            "entry": "code",
            "key": None,
            "code_hash": self.hash.hex(),
            "durability": "persistent",
        }

    def shown(self, value):
        return None


def instance_of(contract) -> Data:
    return Data(contract, v.instance_key())


def _entry(last_modified, data):
    return xdr.LedgerEntry(xdr.Uint32(last_modified), data, xdr.LedgerEntryExt(0))


def ttl_entry(owner_hash, live_until, last_modified):
    held = xdr.TTLEntry(xdr.Hash(owner_hash), xdr.Uint32(live_until))
    return _entry(last_modified, xdr.LedgerEntryData(xdr.LedgerEntryType.TTL, ttl=held))


def ttl_key(owner_hash):
    return xdr.LedgerKey(xdr.LedgerEntryType.TTL, ttl=xdr.LedgerKeyTtl(xdr.Hash(owner_hash)))


def change(kind, payload):
    return xdr.LedgerEntryChange(xdr.LedgerEntryChangeType["LEDGER_ENTRY_" + kind.upper()], **{kind: payload})


@dataclass
class StateLog:
    """Changes in meta order, the footprint they need, and what a reader must report of them."""

    ledger: int
    changes: list = field(default_factory=list)
    read_only: list = field(default_factory=list)
    read_write: list = field(default_factory=list)
    archived: list = field(default_factory=list)
    expected_changes: list = field(default_factory=list)
    expected_extensions: list = field(default_factory=list)
    expected_restorations: list = field(default_factory=list)

    @property
    def new_live_until(self):
        return self.ledger + MIN_PERSISTENT_TTL - 1

    # --- footprint ----------------------------------------------------------------------------

    def reads(self, *entries):
        for entry in entries:
            self._add(self.read_only, entry)

    def writes(self, *entries):
        for entry in entries:
            self._add(self.read_write, entry)

    def _add(self, keys, entry):
        key = entry.ledger_key()
        if key not in self.read_only and key not in self.read_write:
            keys.append(key)

    # --- entries ------------------------------------------------------------------------------

    def creates(self, entry, value=None, live_until=None):
        self.writes(entry)
        self._append("created", entry.entry(value, self.ledger))
        if live_until is None:
            lifetime = MIN_TEMPORARY_TTL if entry.durability == TEMPORARY else MIN_PERSISTENT_TTL
            live_until = self.ledger + lifetime - 1
        self._append("created", ttl_entry(key_hash(entry.ledger_key()), live_until, self.ledger))
        self._tell(entry, "create", None, value)

    def updates(self, entry, old=None, new=None):
        self.writes(entry)
        self._append("state", entry.entry(old, self.ledger - 40))
        self._append("updated", entry.entry(new, self.ledger))
        self._tell(entry, "update", old, new)

    def deletes(self, entry, old=None, live_until=None):
        self.writes(entry)
        self._append("state", entry.entry(old, self.ledger - 40))
        self._append("removed", entry.ledger_key())
        owner = key_hash(entry.ledger_key())
        self._append("state", ttl_entry(owner, live_until or self.ledger + 900, self.ledger - 40))
        self._append("removed", ttl_key(owner))
        self._tell(entry, "delete", old, None)

    def restores(self, entry, value=None, *, then=None, deleted=False, bumped_to=None):
        """Restored because the footprint declared it archived; possibly changed or deleted immediately after."""
        self.writes(entry)
        self.archived.append(entry.ledger_key())
        owner = key_hash(entry.ledger_key())
        self._append("restored", entry.entry(value, self.ledger))
        self._tell_restored(entry, value, "automatic")
        if then is not None:
            self._append("updated", entry.entry(then, self.ledger))
            self._tell(entry, "update", value, then)
        if deleted:
            self._append("removed", entry.ledger_key())
            self._tell(entry, "delete", value, None)
        self._append("restored", ttl_entry(owner, self.new_live_until, self.ledger))
        if deleted:
            self._append("removed", ttl_key(owner))
        if bumped_to:
            self._append("updated", ttl_entry(owner, bumped_to, self.ledger))
            self._tell_extended(entry, self.new_live_until, bumped_to)

    def restores_on_request(self, entry, value=None, *, last_modified):
        """By RestoreFootprint from Protocol 23 on: an entry that was not evicted keeps `last_modified`."""
        self.writes(entry)
        self._append("restored", entry.entry(value, last_modified))
        self._append("restored", ttl_entry(key_hash(entry.ledger_key()), self.new_live_until, self.ledger))
        self._tell_restored(entry, value, "explicit")

    def revives(self, entry, expired_at):
        """By RestoreFootprint before Protocol 23: only the TTL shows it."""
        self.writes(entry)
        self._ttl_update(key_hash(entry.ledger_key()), expired_at, self.new_live_until)
        self._tell_extended(entry, expired_at, self.new_live_until)

    # --- TTLs ---------------------------------------------------------------------------------

    def extends(self, entry, old, new):
        self._add(self.read_only, entry)
        self._ttl_update(key_hash(entry.ledger_key()), old, new)
        self._tell_extended(entry, old, new)

    def extends_unknown(self, entry, old, new):
        """The owner's key is neither in the footprint nor in any change."""
        owner = key_hash(entry.ledger_key())
        self._ttl_update(owner, old, new)
        self.expected_extensions.append(
            {
                "contract_id": None,
                "entry": None,
                "key": None,
                "code_hash": None,
                "old_ttl": old,
                "new_ttl": new,
                "durability": None,
                "key_hash": owner.hex(),
            }
        )

    def shrinks(self, entry, old, new):
        """Deleted and created again within one transaction: the TTL becomes shorter, which is not an extension."""
        assert new <= old
        self._ttl_update(key_hash(entry.ledger_key()), old, new)

    def _ttl_update(self, owner, old, new):
        self._append("state", ttl_entry(owner, old, self.ledger - 40))
        self._append("updated", ttl_entry(owner, new, self.ledger))

    # --- other kinds of entry -----------------------------------------------------------------

    def changes_classic(self, before, after):
        """An account or trustline that a stellar-asset contract changed: not a state change of a contract."""
        self._append("state", before)
        self._append("updated", after)

    def creates_classic(self, entry):
        self._append("created", entry)

    # --- expectations -------------------------------------------------------------------------

    def _append(self, kind, payload):
        self.changes.append(change(kind, payload))

    def _tell(self, entry, operation, old, new):
        told = entry.told()
        durability = told.pop("durability")
        self.expected_changes.append(
            {
                **told,
                "old_value": entry.shown(old),
                "new_value": entry.shown(new),
                "operation": operation,
                "durability": durability,
            }
        )

    def _tell_restored(self, entry, value, reason):
        self._tell(entry, "restore", None, value)
        told = entry.told()
        self.expected_restorations.append(
            {
                "contract_id": told["contract_id"],
                "key": told["key"],
                "restored_at_ledger": self.ledger,
                "durability": "persistent",
                "reason": reason,
                "entry": told["entry"],
                "code_hash": told["code_hash"],
            }
        )

    def _tell_extended(self, entry, old, new):
        told = entry.told()
        durability = told.pop("durability")
        self.expected_extensions.append(
            {
                **told,
                "old_ttl": old,
                "new_ttl": new,
                "durability": durability,
                "key_hash": key_hash(entry.ledger_key()).hex(),
            }
        )
