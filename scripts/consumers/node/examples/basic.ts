// Every invocation of a data lake, one per line.
//
//   node dist/examples/basic.js testdata/lake local

import { InvocationClient, pipelineOf, SorobanPipesError, type ContractInvocation } from '../src/index.js'

/** An invocation in a few words. */
function words(invocation: ContractInvocation): string {
  // Exactly one of these members is present; the compiler knows that, too.
  if (invocation.contract_call) {
    const { function_name, arguments: values, events } = invocation.contract_call
    return `calls ${function_name} with ${values.length} arguments, ${events?.length ?? 0} events`
  }
  if (invocation.create_contract) return `creates a contract that runs ${invocation.create_contract.executable}`
  if (invocation.upload_wasm) return `uploads ${invocation.upload_wasm.wasm_size} bytes of code`
  return 'changes lifetimes'
}

const [ledgers = 'testdata/lake', network = 'local'] = process.argv.slice(2)
const client = InvocationClient.fromPipeline(...pipelineOf({ ledgers, network }))
try {
  for await (const invocation of client.invocations({ end: 1028 })) {
    const { ledger_sequence, tx_index, successful, result_code } = invocation.meta
    console.log(`${ledger_sequence}/${tx_index} ${words(invocation)}${successful ? '' : `: ${result_code ?? 'failed'}`}`)
  }
} catch (error) {
  if (!(error instanceof SorobanPipesError)) throw error
  console.error(`${error.tool ?? 'error'}: ${error.message}`)
  process.exitCode = error.status ?? 1
}
