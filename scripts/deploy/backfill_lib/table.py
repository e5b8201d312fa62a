"""The columns of the Parquet files, made from the JSON Schema of the tools' records (--describe-json).

A type is a word (text, value, integer, number, boolean, time), ["list", type] or ["struct", [[name, type], ...]].
`value` is a value of a contract: JSON of any shape, which stays JSON in a text column.
"""

import json
import subprocess

from . import FILES, Problem, tool

INT64 = "^(?:0|-?[1-9][0-9]{0,18})$"
UINT64 = "^(?:0|[1-9][0-9]{0,19})$"
# Members that have another name in the tables, the same as with the loaders of the cookbook.
NAMES = {
    "ledger_sequence": "ledger", "fee_charged": "fee", "function_name": "function", "invoking_account": "account",
    "creator_account": "account", "uploader_account": "account",
}  # fmt: skip
FRONT = {
    "invocation": [
        "toid", "ledger", "closed_at", "tx_hash", "successful", "result_code", "kind", "contract_id", "account", "function", "fee",
    ],
    "event": ["id", "toid", "ledger", "closed_at", "tx_hash", "successful", "stage", "contract_id", "type", "name", "topics", "data"],
}  # fmt: skip
# Written only on request, and never here.
LEFT_OUT = {"_schema", "raw_xdr", "metrics"}
WIDE = ("u64", "i64", "u128", "i128", "u256", "i256", "u32", "i32")


def schema_of(by, style):
    """The schema of a record, as a tool describes it: that of invocation-extract if values are not decoded."""
    name = "invocation-extract" if style == "raw" else "scval-json"
    described = subprocess.run([tool(name), "--describe-json"], stdout=subprocess.PIPE, check=False)
    if described.returncode:
        raise Problem(f"{name} --describe-json ended with status {described.returncode}", FILES)
    wanted = f"soroban-pipes.contract_{by}.v1"
    for entry in json.loads(described.stdout)["schemas"]:
        if entry["id"] == wanted and entry["values"] == style:
            return entry["schema"]
    raise Problem(f"{name} does not describe {wanted} in the style {style}", FILES)


def type_of(schema, definitions, inside=()):
    reference = schema.get("$ref", "").rpartition("/")[2]
    if reference:
        if reference == "SCVal" or reference in inside:
            return "value"
        if reference == "Time":
            return "time"
        return type_of(definitions[reference], definitions, (*inside, reference))
    if "anyOf" in schema:
        kinds = [type_of(kind, definitions, inside) for kind in schema["anyOf"] if kind.get("type") != "null"]
        if len(kinds) == 1:
            return kinds[0]
        # An address that in rare cases is an object.
        return "text" if "text" in kinds else "value"
    if "enum" in schema:
        return "text"
    kind = schema.get("type")
    if kind == "string":
        return {INT64: "integer", UINT64: "number"}.get(schema.get("pattern"), "text")
    if kind == "array":
        item = type_of(schema["items"], definitions, inside)
        return ["list", item]
    if kind == "object" and "properties" in schema and not has_values(schema):
        return ["struct", [[name, type_of(part, definitions, inside)] for name, part in schema["properties"].items()]]
    return {"integer": "integer", "boolean": "boolean"}.get(kind, "value")


def has_values(schema):
    return isinstance(schema.get("additionalProperties"), dict)


def members(schema, definitions):
    """The members of an object, by name, and their types; references are resolved."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return {name: type_of(part, definitions) for name, part in schema["properties"].items()}


class Table:
    def __init__(self, by, style):
        schema = schema_of(by, style)
        definitions = schema["$defs"]
        self.by, self.style = by, style
        record = members(schema, definitions)
        self.parts = [name for name in record if name not in LEFT_OUT]
        self.read = {name: record[name] for name in self.parts}
        for name in self.parts:
            self.read[name] = ["struct", [[part, kind] for part, kind in self.read[name][1] if part not in LEFT_OUT]]
        columns = {}
        for part in self.parts:
            for name, kind in self.read[part][1]:
                column = columns.setdefault(NAMES.get(name, name), [kind, []])
                if column[0] != kind:
                    column[0] = "text" if "text" in (column[0], kind) else "value"
                column[1].append(f'"{part}"."{name}"')
        # (name, type, expression over the record)
        self.columns = [(name, kind, first_of(sources)) for name, (kind, sources) in columns.items()]
        if by == "invocation":
            kinds = " ".join(f"WHEN \"{part}\" IS NOT NULL THEN '{part}'" for part in self.parts if part != "meta")
            self.columns.append(("kind", "text", f"CASE {kinds} END"))
            number = integer(self.expression("return_value"), style, False)
            self.columns += [("return_integer", "text", number), ("return_decimal", "decimal", decimal(number))]
        else:
            number = integer(self.expression("data"), style, True)
            self.columns += [
                ("name", "text", f"({symbol(self.expression('topics') + '[1]', style)})"),
                ("amount", "text", number), ("amount_decimal", "decimal", decimal(number)),
            ]  # fmt: skip
        front = FRONT[by]
        self.columns.sort(key=lambda column: front.index(column[0]) if column[0] in front else len(front))

    def expression(self, name):
        return next(source for column, _, source in self.columns if column == name)

    def structure(self):
        """The columns of a line for DuckDB's read_ndjson."""
        return "{" + ", ".join(f"{quoted(part)}: {quoted(read_type(kind))}" for part, kind in self.read.items()) + "}"

    def select(self, for_lines=False):
        """The expressions of the columns. In lines, times are text, and the reader converts decimals."""
        out = []
        for name, kind, source in self.columns:
            if for_lines and kind == "decimal":
                continue
            if kind == "time":
                source = f"TRY_CAST({source} AS TIMESTAMPTZ)"
                if for_lines:
                    source = f"strftime({source}, '%Y-%m-%dT%H:%M:%S.%fZ')"
            elif has_value(kind):
                source = f"CAST({source} AS {column_type(kind)})"
            out.append(f'{source} AS "{name}"')
        return ", ".join(out)

    def described(self):
        return [(name, column_type(kind)) for name, kind, _ in self.columns]

    def spark(self, for_lines=False):
        """The same columns as a schema for Spark."""
        kinds = [(name, kind) for name, kind, _ in self.columns if not (for_lines and kind == "decimal")]
        return ", ".join(f"`{name}` {spark_type(kind)}" for name, kind in kinds)


def first_of(sources):
    return sources[0] if len(sources) == 1 else f"coalesce({', '.join(sources)})"


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def has_value(kind):
    if isinstance(kind, str):
        return kind == "value"
    return has_value(kind[1]) if kind[0] == "list" else any(has_value(part) for _, part in kind[1])


READ = {"text": "VARCHAR", "value": "JSON", "integer": "BIGINT", "number": "DECIMAL(20,0)", "boolean": "BOOLEAN", "time": "VARCHAR"}
COLUMN = READ | {"value": "VARCHAR", "time": "TIMESTAMP WITH TIME ZONE", "decimal": "DECIMAL(38,0)"}
SPARK = {
    "text": "STRING", "value": "STRING", "integer": "BIGINT", "number": "DECIMAL(20,0)", "boolean": "BOOLEAN", "time": "TIMESTAMP",
    "decimal": "DECIMAL(38,0)",
}  # fmt: skip


def sql_type(kind, words):
    if isinstance(kind, str):
        return words[kind]
    if kind[0] == "list":
        return sql_type(kind[1], words) + "[]"
    return "STRUCT(" + ", ".join(f'"{name}" {sql_type(part, words)}' for name, part in kind[1]) + ")"


def read_type(kind):
    return sql_type(kind, READ)


def column_type(kind):
    return sql_type(kind, COLUMN)


def spark_type(kind):
    if isinstance(kind, str):
        return SPARK[kind]
    if kind[0] == "list":
        return f"ARRAY<{spark_type(kind[1])}>"
    return "STRUCT<" + ", ".join(f"`{name}`: {spark_type(part)}" for name, part in kind[1]) + ">"


def symbol(value, style):
    """A value that is a symbol or a string, as plain text."""
    if style == "sep51":
        return f"coalesce({value} ->> '$.symbol', {value} ->> '$.string')"
    return f"CASE WHEN json_type({value}) = 'VARCHAR' THEN {value} ->> '$' END"


def integer(value, style, in_amount):
    """A value that is an integer, as decimal digits; for an event's data also its member `amount`.

    The style `native` does not distinguish a number of more than 32 bits from a text of digits; `sep51` does.
    """
    if style == "raw":
        return "CAST(NULL AS VARCHAR)"
    if style == "sep51":
        number = lambda of: "coalesce(" + ", ".join(f"{of} ->> '$.{name}'" for name in WIDE) + ")"  # noqa: E731
        text = number(value)
        if in_amount:
            entry = f"list_filter(CAST({value} -> '$.map' AS JSON[]), lambda e: e ->> '$.key.symbol' = 'amount')[1]"
            text = f"coalesce({text}, {number(f'({entry} -> ' + quoted('$.val') + ')')})"
    else:
        inner = f"WHEN 'OBJECT' THEN {value} ->> '$.amount'" if in_amount else ""
        text = f"CASE json_type({value}) {inner} WHEN 'VARCHAR' THEN {value} ->> '$' "
        text += f"WHEN 'UBIGINT' THEN {value} ->> '$' WHEN 'BIGINT' THEN {value} ->> '$' END"
    return f"CASE WHEN regexp_full_match({text}, '0|-?[1-9][0-9]{{0,77}}') THEN {text} END"


def decimal(number):
    return f"TRY_CAST(({number}) AS DECIMAL(38,0))"
