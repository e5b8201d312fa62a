"""The protocol's types from their own text.

The encoder has the `.x` source of each type in its class's documentation. This module reads that text, which is all that the
renderer in sep51.py needs: it shares no generated code with the encoder or with the tools under test.

A type is one of
    ("void",) ("bool",) ("int", size, signed) ("string",) ("opaque", size or None)
    ("named", name) ("optional", type) ("list", type) ("array", type, size)
    ("enum", {value: name}) ("struct", [(field, type)]) ("union", discriminant type, {label: type})
"""

import functools
import re

from stellar_sdk import xdr

PRIMITIVES = {
    "int": ("int", 4, True),
    "unsigned int": ("int", 4, False),
    "hyper": ("int", 8, True),
    "unsigned hyper": ("int", 8, False),
    "bool": ("bool",),
    "string": ("string",),
    "void": ("void",),
}


@functools.cache
def types() -> dict[str, tuple]:
    found = {}
    for name in sorted(dir(xdr)):
        text = getattr(getattr(xdr, name), "__doc__", None) or ""
        if "XDR Source Code::" in text:
            definition = Parser(text.split("XDR Source Code::")[1]).definition()
            if definition:
                found[definition[0]] = definition[1]
    return {name: _with_numbers(of, found) for name, of in found.items()}


def _with_numbers(of, found):
    """An enumeration may take its values from the members of another one."""
    if of[0] != "enum":
        return of
    known = {member: value for held in found.values() if held[0] == "enum" for value, member in held[1].items()}
    return ("enum", {known.get(value, value): member for value, member in of[1].items()})


class Parser:
    """Recursive descent over the tokens of one definition."""

    def __init__(self, text):
        text = re.sub(r"//[^\n]*|/\*.*?\*/|^\s*[#%][^\n]*", " ", text, flags=re.S | re.M)
        self.tokens = re.findall(r"-?\w+|[^\s\w]", text)
        self.at = 0

    def definition(self):
        keyword = self.take()
        if keyword == "typedef":
            return self.declaration()
        if keyword in ("struct", "enum") and self.peek() != "{":
            name = self.take()
            return name, self.struct() if keyword == "struct" else self.enum()
        if keyword == "union" and self.peek() != "switch":
            return self.take(), self.union()
        return None  # the text of an unnamed type, which is also part of its parent's

    def declaration(self):
        """`T name`, `T* name`, `T name<>`, `T name[n]` up to the semicolon."""
        of = self.type_name()
        if of == ("void",):
            self.take(";")
            return None, of
        optional = self.skip("*")
        name = self.take()
        if self.skip("<"):
            if self.peek() != ">":
                self.take()
            self.take(">")
            of = ("string",) if of == ("string",) else ("opaque", None) if of == ("opaque",) else ("list", of)
        elif self.skip("["):
            size = int(self.take())
            self.take("]")
            of = ("opaque", size) if of == ("opaque",) else ("array", of, size)
        self.take(";")
        return name, ("optional", of) if optional else of

    def type_name(self):
        word = self.take()
        if word == "unsigned":
            return PRIMITIVES["unsigned " + self.take()]
        if word in ("struct", "union") and self.peek() in ("{", "switch"):
            return self.struct() if word == "struct" else self.union()
        if word == "opaque":
            return ("opaque",)
        return PRIMITIVES.get(word, ("named", word))

    def struct(self):
        self.take("{")
        fields = []
        while not self.skip("}"):
            fields.append(self.declaration())
        return ("struct", fields)

    def enum(self):
        self.take("{")
        members = {}
        while not self.skip("}"):
            name = self.take()
            self.take("=")
            value = self.take()
            members[value if value[0].isalpha() else int(value, 0)] = name
            self.skip(",")
        return ("enum", members)

    def union(self):
        self.take("switch")
        self.take("(")
        discriminant = self.type_name()
        self.take()
        self.take(")")
        self.take("{")
        arms, labels = {}, []
        while not self.skip("}"):
            if self.skip("case"):
                labels.append(self.take())
                self.take(":")
            elif self.skip("default"):
                self.take(":")
                labels.append("default")
            else:
                of = self.declaration()[1]
                arms.update({label: of for label in labels})
                labels = []
        return ("union", discriminant, arms)

    def peek(self):
        return self.tokens[self.at]

    def take(self, expected=None):
        token = self.tokens[self.at]
        assert expected in (None, token), f"{token} where {expected} should be"
        self.at += 1
        return token

    def skip(self, token):
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return True
        return False
