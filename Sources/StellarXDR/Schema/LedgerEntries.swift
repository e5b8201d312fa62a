// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-ledger-entries.x
  static let ledgerEntries: StaticString = """
    Thresholds = opaque[4]
    string32 = string<32>
    string64 = string<64>
    SequenceNumber = i64
    DataValue = opaque<64>
    AssetCode4 = opaque[4] as asset_code4
    AssetCode12 = opaque[12] as asset_code12
    AssetType = enum { native=0; credit_alphanum4=1; credit_alphanum12=2; pool_share=3 }
    AssetCode = union AssetType { credit_alphanum4: AssetCode4; credit_alphanum12: AssetCode12 } as asset_code
    AlphaNum4 = { asset_code: AssetCode4; issuer: AccountID }
    AlphaNum12 = { asset_code: AssetCode12; issuer: AccountID }
    Asset = union AssetType { native; credit_alphanum4: AlphaNum4; credit_alphanum12: AlphaNum12 }
    Price = { n: i32; d: i32 }
    Liabilities = { buying: i64; selling: i64 }
    LedgerEntryType = enum { account=0; trustline=1; offer=2; data=3; claimable_balance=4; liquidity_pool=5; contract_data=6; contract_code=7; config_setting=8; ttl=9 }
    Signer = { key: SignerKey; weight: u32 }
    SponsorshipDescriptor = AccountID*
    AccountEntryExtensionV3 = { ext: ExtensionPoint; seq_ledger: u32; seq_time: TimePoint }
    AccountEntryExtensionV2Ext = union { 0=v0; 3=v3: AccountEntryExtensionV3 }
    AccountEntryExtensionV2 = { num_sponsored: u32; num_sponsoring: u32; signer_sponsoring_i_ds: SponsorshipDescriptor<20>; ext: AccountEntryExtensionV2Ext }
    AccountEntryExtensionV1Ext = union { 0=v0; 2=v2: AccountEntryExtensionV2 }
    AccountEntryExtensionV1 = { liabilities: Liabilities; ext: AccountEntryExtensionV1Ext }
    AccountEntryExt = union { 0=v0; 1=v1: AccountEntryExtensionV1 }
    AccountEntry = { account_id: AccountID; balance: i64; seq_num: SequenceNumber; num_sub_entries: u32; inflation_dest: AccountID*; flags: u32; home_domain: string32; thresholds: Thresholds; signers: Signer<20>; ext: AccountEntryExt }
    LiquidityPoolType = enum { liquidity_pool_constant_product=0 }
    TrustLineAsset = union AssetType { native; credit_alphanum4: AlphaNum4; credit_alphanum12: AlphaNum12; pool_share: PoolID }
    TrustLineEntryExtensionV2Ext = union { 0=v0 }
    TrustLineEntryExtensionV2 = { liquidity_pool_use_count: i32; ext: TrustLineEntryExtensionV2Ext }
    TrustLineEntryV1Ext = union { 0=v0; 2=v2: TrustLineEntryExtensionV2 }
    TrustLineEntryV1 = { liabilities: Liabilities; ext: TrustLineEntryV1Ext }
    TrustLineEntryExt = union { 0=v0; 1=v1: TrustLineEntryV1 }
    TrustLineEntry = { account_id: AccountID; asset: TrustLineAsset; balance: i64; limit: i64; flags: u32; ext: TrustLineEntryExt }
    OfferEntryExt = union { 0=v0 }
    OfferEntry = { seller_id: AccountID; offer_id: i64; selling: Asset; buying: Asset; amount: i64; price: Price; flags: u32; ext: OfferEntryExt }
    DataEntryExt = union { 0=v0 }
    DataEntry = { account_id: AccountID; data_name: string64; data_value: DataValue; ext: DataEntryExt }
    ClaimPredicateType = enum { unconditional=0; and=1; or=2; not=3; before_absolute_time=4; before_relative_time=5 }
    ClaimPredicate = recursive union ClaimPredicateType { unconditional; and: ClaimPredicate<2>; or: ClaimPredicate<2>; not: ClaimPredicate*; before_absolute_time: i64; before_relative_time: i64 }
    ClaimantType = enum { claimant_type_v0=0 }
    ClaimantV0 = { destination: AccountID; predicate: ClaimPredicate }
    Claimant = union ClaimantType { claimant_type_v0: ClaimantV0 }
    ClaimableBalanceEntryExtensionV1Ext = union { 0=v0 }
    ClaimableBalanceEntryExtensionV1 = { ext: ClaimableBalanceEntryExtensionV1Ext; flags: u32 }
    ClaimableBalanceEntryExt = union { 0=v0; 1=v1: ClaimableBalanceEntryExtensionV1 }
    ClaimableBalanceEntry = { balance_id: ClaimableBalanceID; claimants: Claimant<10>; asset: Asset; amount: i64; ext: ClaimableBalanceEntryExt }
    LiquidityPoolConstantProductParameters = { asset_a: Asset; asset_b: Asset; fee: i32 }
    LiquidityPoolEntryConstantProduct = { params: LiquidityPoolConstantProductParameters; reserve_a: i64; reserve_b: i64; total_pool_shares: i64; pool_shares_trust_line_count: i64 }
    LiquidityPoolEntryBody = union LiquidityPoolType { liquidity_pool_constant_product: LiquidityPoolEntryConstantProduct }
    LiquidityPoolEntry = { liquidity_pool_id: PoolID; body: LiquidityPoolEntryBody }
    ContractDataDurability = enum { temporary=0; persistent=1 }
    ContractDataEntry = { ext: ExtensionPoint; contract: SCAddress; key: SCVal; durability: ContractDataDurability; val: SCVal }
    ContractCodeCostInputs = { ext: ExtensionPoint; n_instructions: u32; n_functions: u32; n_globals: u32; n_table_entries: u32; n_types: u32; n_data_segments: u32; n_elem_segments: u32; n_imports: u32; n_exports: u32; n_data_segment_bytes: u32 }
    ContractCodeEntryV1 = { ext: ExtensionPoint; cost_inputs: ContractCodeCostInputs }
    ContractCodeEntryExt = union { 0=v0; 1=v1: ContractCodeEntryV1 }
    ContractCodeEntry = { ext: ContractCodeEntryExt; hash: Hash; code: opaque<> }
    TTLEntry = { key_hash: Hash; live_until_ledger_seq: u32 }
    LedgerEntryExtensionV1Ext = union { 0=v0 }
    LedgerEntryExtensionV1 = { sponsoring_id: SponsorshipDescriptor; ext: LedgerEntryExtensionV1Ext }
    LedgerEntryData = union LedgerEntryType { account: AccountEntry; trustline: TrustLineEntry; offer: OfferEntry; data: DataEntry; claimable_balance: ClaimableBalanceEntry; liquidity_pool: LiquidityPoolEntry; contract_data: ContractDataEntry; contract_code: ContractCodeEntry; config_setting: ConfigSettingEntry; ttl: TTLEntry }
    LedgerEntryExt = union { 0=v0; 1=v1: LedgerEntryExtensionV1 }
    LedgerEntry = { last_modified_ledger_seq: u32; data: LedgerEntryData; ext: LedgerEntryExt }
    LedgerKeyAccount = { account_id: AccountID }
    LedgerKeyTrustLine = { account_id: AccountID; asset: TrustLineAsset }
    LedgerKeyOffer = { seller_id: AccountID; offer_id: i64 }
    LedgerKeyData = { account_id: AccountID; data_name: string64 }
    LedgerKeyClaimableBalance = { balance_id: ClaimableBalanceID }
    LedgerKeyLiquidityPool = { liquidity_pool_id: PoolID }
    LedgerKeyContractData = { contract: SCAddress; key: SCVal; durability: ContractDataDurability }
    LedgerKeyContractCode = { hash: Hash }
    LedgerKeyConfigSetting = { config_setting_id: ConfigSettingID }
    LedgerKeyTtl = { key_hash: Hash }
    LedgerKey = union LedgerEntryType { account: LedgerKeyAccount; trustline: LedgerKeyTrustLine; offer: LedgerKeyOffer; data: LedgerKeyData; claimable_balance: LedgerKeyClaimableBalance; liquidity_pool: LedgerKeyLiquidityPool; contract_data: LedgerKeyContractData; contract_code: LedgerKeyContractCode; config_setting: LedgerKeyConfigSetting; ttl: LedgerKeyTtl }
    EnvelopeType = enum { tx_v0=0; scp=1; tx=2; auth=3; scpvalue=4; tx_fee_bump=5; op_id=6; pool_revoke_op_id=7; contract_id=8; soroban_authorization=9; soroban_authorization_with_address=10 }
    ThresholdIndexes = enum { master_weight=0; low=1; med=2; high=3 }
    AccountFlags = enum { required_flag=1; revocable_flag=2; immutable_flag=4; clawback_enabled_flag=8 }
    TrustLineFlags = enum { authorized_flag=1; authorized_to_maintain_liabilities_flag=2; trustline_clawback_enabled_flag=4 }
    OfferEntryFlags = enum { passive_flag=1 }
    ClaimableBalanceFlags = enum { claimable_balance_clawback_enabled_flag=1 }
    BucketListType = enum { live=0; hot_archive=1 }
    BucketEntryType = enum { metaentry=-1; liveentry=0; deadentry=1; initentry=2 }
    HotArchiveBucketEntryType = enum { metaentry=-1; archived=0; live=1 }
    BucketMetadataExt = union { 0=v0; 1=v1: BucketListType }
    BucketMetadata = { ledger_version: u32; ext: BucketMetadataExt }
    BucketEntry = union BucketEntryType { liveentry|initentry: LedgerEntry; deadentry: LedgerKey; metaentry: BucketMetadata }
    HotArchiveBucketEntry = union HotArchiveBucketEntryType { archived: LedgerEntry; live: LedgerKey; metaentry: BucketMetadata }
    """
}
