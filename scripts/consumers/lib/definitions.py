"""The types of all records, from the tools' --describe-json: the input of the generators of clients."""

import json
import subprocess

RECORDS = (
    "soroban-pipes.contract_invocation.v1 native",
    "soroban-pipes.contract_event.v1 native",
    "soroban-pipes.ledger_transaction.v1",
    "soroban-pipes.contract_invocation_spec.v1",
    "soroban-pipes.contract_event_spec.v1",
)


class Definition:
    """One definition: an object with members, an enumeration, or an alias."""

    def __init__(self, name, schema):
        self.name = name
        self.title = schema.get("title", name)
        self.about = schema.get("description")
        self.schema = schema
        self.values = schema.get("enum")
        has_members = schema.get("type") == "object" and "properties" in schema and schema.get("maxProperties") != 1
        self.members = [Member(*member, schema) for member in schema["properties"].items()] if has_members else None


class Member:
    def __init__(self, name, schema, owner):
        self.name = name
        self.about = schema.get("description")
        self.is_optional = name not in owner.get("required", [])
        choices = schema.get("anyOf", [])
        self.is_nullable = {"type": "null"} in choices
        rest = [choice for choice in choices if choice != {"type": "null"}]
        self.schema = rest[0] if self.is_nullable and len(rest) == 1 else schema


def reference(schema):
    return schema["$ref"].removeprefix("#/$defs/") if "$ref" in schema else None


def merge(known, schema):
    """Merges two descriptions of one definition: members of either, required if both require them."""
    if known is None or known == schema:
        return schema
    merged = {**known}
    if "enum" in schema:
        merged["enum"] = known["enum"] + [value for value in schema["enum"] if value not in known["enum"]]
    if "properties" in schema:
        merged["properties"] = {**schema["properties"], **known["properties"]}
        merged["required"] = [name for name in known.get("required", []) if name in schema.get("required", [])]
    return merged


def load(tool="scval-json"):
    """All definitions by name, with those of records with declared names (--spec) merged into the others."""
    described = json.loads(subprocess.run([tool, "--describe-json"], stdout=subprocess.PIPE, check=True).stdout)
    schemas = {" ".join(filter(None, (entry["id"], entry.get("values")))): entry["schema"] for entry in described["schemas"]}
    found = {}
    for record in RECORDS:
        if record not in schemas:
            raise SystemExit(f"{tool} has no schema of {record}")
        for name, schema in schemas[record]["$defs"].items():
            found[name] = merge(found.get(name), schema)
    return {name: Definition(name, schema) for name, schema in found.items()}


def check_or_write(path, text, is_check, remedy):
    """Writes a generated file, or reports that it is stale. Returns the exit status."""
    if not is_check:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    try:
        with open(path, encoding="utf-8") as file:
            is_stale = file.read() != text
    except FileNotFoundError:
        is_stale = True
    if is_stale:
        print(f"{path} is stale: run {remedy}")
    return 1 if is_stale else 0
