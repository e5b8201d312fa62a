// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-contract-config-setting.x
  static let configSetting: StaticString = """
    EncodedLedgerKey = opaque<>
    ConfigSettingContractExecutionLanesV0 = { ledger_max_tx_count: u32 }
    ConfigSettingContractComputeV0 = { ledger_max_instructions: i64; tx_max_instructions: i64; fee_rate_per_instructions_increment: i64; tx_memory_limit: u32 }
    ConfigSettingContractParallelComputeV0 = { ledger_max_dependent_tx_clusters: u32 }
    ConfigSettingContractLedgerCostV0 = { ledger_max_disk_read_entries: u32; ledger_max_disk_read_bytes: u32; ledger_max_write_ledger_entries: u32; ledger_max_write_bytes: u32; tx_max_disk_read_entries: u32; tx_max_disk_read_bytes: u32; tx_max_write_ledger_entries: u32; tx_max_write_bytes: u32; fee_disk_read_ledger_entry: i64; fee_write_ledger_entry: i64; fee_disk_read1_kb: i64; soroban_state_target_size_bytes: i64; rent_fee1_kb_soroban_state_size_low: i64; rent_fee1_kb_soroban_state_size_high: i64; soroban_state_rent_fee_growth_factor: u32 }
    ConfigSettingContractLedgerCostExtV0 = { tx_max_footprint_entries: u32; fee_write1_kb: i64 }
    ConfigSettingContractHistoricalDataV0 = { fee_historical1_kb: i64 }
    ConfigSettingContractEventsV0 = { tx_max_contract_events_size_bytes: u32; fee_contract_events1_kb: i64 }
    ConfigSettingContractBandwidthV0 = { ledger_max_txs_size_bytes: u32; tx_max_size_bytes: u32; fee_tx_size1_kb: i64 }
    ContractCostParamEntry = { ext: ExtensionPoint; const_term: i64; linear_term: i64 }
    StateArchivalSettings = { max_entry_ttl: u32; min_temporary_ttl: u32; min_persistent_ttl: u32; persistent_rent_rate_denominator: i64; temp_rent_rate_denominator: i64; max_entries_to_archive: u32; live_soroban_state_size_window_sample_size: u32; live_soroban_state_size_window_sample_period: u32; eviction_scan_size: u32; starting_eviction_scan_level: u32 }
    EvictionIterator = { bucket_list_level: u32; is_curr_bucket: bool; bucket_file_offset: u64 }
    ConfigSettingSCPTiming = { ledger_target_close_time_milliseconds: u32; nomination_timeout_initial_milliseconds: u32; nomination_timeout_increment_milliseconds: u32; ballot_timeout_initial_milliseconds: u32; ballot_timeout_increment_milliseconds: u32 }
    FrozenLedgerKeys = { keys: EncodedLedgerKey<> }
    FrozenLedgerKeysDelta = { keys_to_freeze: EncodedLedgerKey<>; keys_to_unfreeze: EncodedLedgerKey<> }
    FreezeBypassTxs = { tx_hashes: Hash<> }
    FreezeBypassTxsDelta = { add_txs: Hash<>; remove_txs: Hash<> }
    ContractCostParams = ContractCostParamEntry<1024>
    ConfigSettingID = enum { contract_max_size_bytes=0; contract_compute_v0=1; contract_ledger_cost_v0=2; contract_historical_data_v0=3; contract_events_v0=4; contract_bandwidth_v0=5; contract_cost_params_cpu_instructions=6; contract_cost_params_memory_bytes=7; contract_data_key_size_bytes=8; contract_data_entry_size_bytes=9; state_archival=10; contract_execution_lanes=11; live_soroban_state_size_window=12; eviction_iterator=13; contract_parallel_compute_v0=14; contract_ledger_cost_ext_v0=15; scp_timing=16; frozen_ledger_keys=17; frozen_ledger_keys_delta=18; freeze_bypass_txs=19; freeze_bypass_txs_delta=20 }
    ConfigSettingEntry = union ConfigSettingID { contract_max_size_bytes: u32; contract_compute_v0: ConfigSettingContractComputeV0; contract_ledger_cost_v0: ConfigSettingContractLedgerCostV0; contract_historical_data_v0: ConfigSettingContractHistoricalDataV0; contract_events_v0: ConfigSettingContractEventsV0; contract_bandwidth_v0: ConfigSettingContractBandwidthV0; contract_cost_params_cpu_instructions: ContractCostParams; contract_cost_params_memory_bytes: ContractCostParams; contract_data_key_size_bytes: u32; contract_data_entry_size_bytes: u32; state_archival: StateArchivalSettings; contract_execution_lanes: ConfigSettingContractExecutionLanesV0; live_soroban_state_size_window: u64<>; eviction_iterator: EvictionIterator; contract_parallel_compute_v0: ConfigSettingContractParallelComputeV0; contract_ledger_cost_ext_v0: ConfigSettingContractLedgerCostExtV0; scp_timing: ConfigSettingSCPTiming; frozen_ledger_keys: FrozenLedgerKeys; frozen_ledger_keys_delta: FrozenLedgerKeysDelta; freeze_bypass_txs: FreezeBypassTxs; freeze_bypass_txs_delta: FreezeBypassTxsDelta }
    """
}
