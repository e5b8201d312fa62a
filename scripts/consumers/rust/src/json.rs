//! A minimal JSON parser for records. With a JSON package this file is not needed.

use std::collections::BTreeMap;
use std::fmt;

/// The maximum nesting of a line: 500 levels of values with three levels of JSON each, and the members around them.
const DEEPEST: usize = 2_000;

/// Runs `work` with a stack for the deepest values.
pub fn with_deep_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(work).expect("a thread can be started");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As written, so that no digit is lost; records have no fractions.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Members(BTreeMap<String, Json>),
}

#[derive(Debug, PartialEq)]
pub struct JsonError {
    pub message: &'static str,
    pub offset: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "this is not JSON: {} (byte {})", self.message, self.offset)
    }
}

impl Json {
    /// A member at any depth: `record.get(&["meta", "toid"])`. A missing member is null.
    pub fn get(&self, path: &[&str]) -> &Json {
        let mut found = self;
        for name in path {
            found = match found {
                Json::Members(members) => members.get(*name).unwrap_or(&Json::Null),
                _ => &Json::Null,
            };
        }
        found
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn parse(text: &str) -> Result<Json, JsonError> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let value = parser.value()?;
        parser.space();
        if parser.at < text.len() {
            return Err(parser.error("something follows"));
        }
        Ok(value)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn error(&self, message: &'static str) -> JsonError {
        JsonError { message, offset: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Skips `expected` if it comes next.
    fn pass(&mut self, expected: &str) -> bool {
        let comes = self.text.as_bytes()[self.at..].starts_with(expected.as_bytes());
        if comes {
            self.at += expected.len();
        }
        comes
    }

    fn value(&mut self) -> Result<Json, JsonError> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Parser::members),
            Some(b'[') => self.nested(Parser::list),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.pass("null") => Ok(Json::Null),
            _ if self.pass("true") => Ok(Json::Bool(true)),
            _ if self.pass("false") => Ok(Json::Bool(false)),
            _ => Err(self.error("a value is missing")),
        }
    }

    fn nested(&mut self, read: fn(&mut Parser<'a>) -> Result<Json, JsonError>) -> Result<Json, JsonError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error("it nests too deep"));
        }
        self.at += 1;
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }

    fn list(&mut self) -> Result<Json, JsonError> {
        let mut found = Vec::new();
        self.space();
        if self.pass("]") {
            return Ok(Json::List(found));
        }
        loop {
            found.push(self.value()?);
            self.space();
            if self.pass("]") {
                return Ok(Json::List(found));
            }
            if !self.pass(",") {
                return Err(self.error("a list is not closed"));
            }
        }
    }

    fn members(&mut self) -> Result<Json, JsonError> {
        let mut found = BTreeMap::new();
        self.space();
        if self.pass("}") {
            return Ok(Json::Members(found));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            if !self.pass(":") {
                return Err(self.error("a colon is missing"));
            }
            let value = self.value()?;
            found.insert(name, value);
            self.space();
            if self.pass("}") {
                return Ok(Json::Members(found));
            }
            if !self.pass(",") {
                return Err(self.error("an object is not closed"));
            }
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error("a digit is missing"));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let start = self.at;
        self.pass("-");
        if !self.pass("0") {
            self.digits()?;
        }
        if self.pass(".") {
            self.digits()?;
        }
        if self.pass("e") || self.pass("E") {
            if !self.pass("+") {
                self.pass("-");
            }
            self.digits()?;
        }
        Ok(Json::Number(self.text[start..self.at].to_string()))
    }

    fn string(&mut self) -> Result<String, JsonError> {
        if !self.pass("\"") {
            return Err(self.error("a string is missing"));
        }
        let mut found = String::new();
        loop {
            let start = self.at;
            // None of these bytes is part of a longer character.
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            found.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(found);
                }
                Some(b'\\') => found.push(self.escape()?),
                _ => return Err(self.error("a string is not closed")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let code = self.text.as_bytes().get(self.at + 1).copied();
        self.at += 2;
        Ok(match code {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex()?;
                let mut code = first;
                // A surrogate pair.
                if (0xd800..0xdc00).contains(&first) && self.pass("\\u") {
                    let second = self.hex()?;
                    if !(0xdc00..0xe000).contains(&second) {
                        return Err(self.error("half a character"));
                    }
                    code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                }
                char::from_u32(code).ok_or_else(|| self.error("half a character"))?
            }
            _ => {
                self.at -= 2;
                return Err(self.error("an unknown escape"));
            }
        })
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or_else(|| self.error("four digits are missing"))?;
        let mut code = 0;
        for digit in digits {
            code = code * 16 + (*digit as char).to_digit(16).ok_or_else(|| self.error("four digits are missing"))?;
        }
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_is() {
        let text = r#" {"a":[1,-2.5e+3,"x\n\u00e9\ud83c\udf0d\"",null,true,{}],"b":{"c":false},"d":[]} "#;
        let found = Json::parse(text).unwrap();
        assert_eq!(found.get(&["b", "c"]), &Json::Bool(false));
        assert_eq!(found.get(&["b", "x", "y"]), &Json::Null);
        match found.get(&["a"]) {
            Json::List(list) => {
                assert_eq!(list[1], Json::Number("-2.5e+3".to_string()));
                assert_eq!(list[2].text(), Some("x\n\u{e9}\u{1f30d}\""));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "nul", "01x", "-", "1.", "1e", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
            "\"\u{0}\"", "1 2", "\"\\u00\u{e9}\u{e9}\"", "\"\\", "01",
        ] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
        with_deep_stack(|| {
            assert!(Json::parse(&"[".repeat(1_000_000)).is_err());
            let nested = format!("{}{}", "[".repeat(1_900), "]".repeat(1_900));
            assert!(Json::parse(&nested).is_ok());
        });
    }
}
