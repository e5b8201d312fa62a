# Invocations in readable form: one line each, with sub-calls below it. Reads the output of `scval-json --style native`.
#   … | scval-json --style native | jq -rf scripts/view.jq
# Coloured if the variable VIEW_COLOR is set.

def painted($code): if ($ENV.VIEW_COLOR // "") == "" then . else "\u001b[\($code)m\(.)\u001b[0m" end;
def cut($width): if length > $width then .[:$width - 1] + "…" else . end;

# The ends of a long name, by which people compare names.
def short:
  if . == null then "?"
  elif test("^[GCMBL][A-Z2-7]{55,68}$") then .[:4] + "…" + .[-4:]
  elif test("^[0-9a-f]{64}$") then .[:6] + "…" + .[-4:]
  else . end;

def brief:
  if type == "string" then short
  elif type == "array" then "[" + (map(brief) | join(", ")) + "]"
  elif type == "object" then "{" + (to_entries | map("\(.key): \(.value | brief)") | join(", ")) + "}"
  else tojson end;

def call($contract; $function; $arguments):
  ($contract | short | painted("36")) + "  " + ($function | painted("1")) + "(" + ($arguments | map(brief) | join(", ") | cut(44)) + ")";

(.contract_call // .create_contract // .upload_wasm // .extend_ttl // .restore_footprint) as $what
| (if .meta.successful then "ok    " | painted("32") else "failed" | painted("31") end) as $outcome
| (if .contract_call then $what | call(.contract_id; .function_name; .arguments)
   elif .create_contract then ($what.contract_id | short | painted("36")) + "  created from " + ($what.wasm_hash // $what.asset // $what.external_ref.tag | short)
   elif .upload_wasm then ($what.wasm_hash | short | painted("36")) + "  uploaded, \($what.wasm_size) bytes"
   else ($what.account | short | painted("36")) + "  \(if .extend_ttl then "extended" else "restored" end) \($what.ttl_extensions | length) entries" end) as $line
| "\(.meta.ledger_sequence)  \($outcome)  \($line)"
  + (if .meta.successful then
       if $what.return_value == null or .create_contract or .upload_wasm then "" else " = " + ($what.return_value | brief | cut(24)) end
     else "  " + (.meta.result_code // .meta.tx_result_code | painted("31")) end),
  ($what.contract_calls // [] | .[]
   | "            " + ("  " * .depth) + "└ " + call(.to_contract; .function; .arguments)
     + (if .successful == false then "  " + ("failed" | painted("31"))
        elif .successful == null then "  (how it ended was not recorded)"
        elif .return_value == null then ""
        else " = " + (.return_value | brief | cut(24)) end))
