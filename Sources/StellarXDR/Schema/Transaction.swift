// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-transaction.x
  static let transaction: StaticString = """
    LiquidityPoolParameters = union LiquidityPoolType { liquidity_pool_constant_product: LiquidityPoolConstantProductParameters }
    MuxedAccountMed25519 = { id: u64; ed25519: uint256 } as muxed_account_parts
    MuxedAccount = union CryptoKeyType { ed25519: uint256; muxed_ed25519: MuxedAccountMed25519 } as muxed_account
    DecoratedSignature = { hint: SignatureHint; signature: Signature }
    OperationType = enum { create_account=0; payment=1; path_payment_strict_receive=2; manage_sell_offer=3; create_passive_sell_offer=4; set_options=5; change_trust=6; allow_trust=7; account_merge=8; inflation=9; manage_data=10; bump_sequence=11; manage_buy_offer=12; path_payment_strict_send=13; create_claimable_balance=14; claim_claimable_balance=15; begin_sponsoring_future_reserves=16; end_sponsoring_future_reserves=17; revoke_sponsorship=18; clawback=19; clawback_claimable_balance=20; set_trust_line_flags=21; liquidity_pool_deposit=22; liquidity_pool_withdraw=23; invoke_host_function=24; extend_footprint_ttl=25; restore_footprint=26 }
    CreateAccountOp = { destination: AccountID; starting_balance: i64 }
    PaymentOp = { destination: MuxedAccount; asset: Asset; amount: i64 }
    PathPaymentStrictReceiveOp = { send_asset: Asset; send_max: i64; destination: MuxedAccount; dest_asset: Asset; dest_amount: i64; path: Asset<5> }
    PathPaymentStrictSendOp = { send_asset: Asset; send_amount: i64; destination: MuxedAccount; dest_asset: Asset; dest_min: i64; path: Asset<5> }
    ManageSellOfferOp = { selling: Asset; buying: Asset; amount: i64; price: Price; offer_id: i64 }
    ManageBuyOfferOp = { selling: Asset; buying: Asset; buy_amount: i64; price: Price; offer_id: i64 }
    CreatePassiveSellOfferOp = { selling: Asset; buying: Asset; amount: i64; price: Price }
    SetOptionsOp = { inflation_dest: AccountID*; clear_flags: u32*; set_flags: u32*; master_weight: u32*; low_threshold: u32*; med_threshold: u32*; high_threshold: u32*; home_domain: string32*; signer: Signer* }
    ChangeTrustAsset = union AssetType { native; credit_alphanum4: AlphaNum4; credit_alphanum12: AlphaNum12; pool_share: LiquidityPoolParameters }
    ChangeTrustOp = { line: ChangeTrustAsset; limit: i64 }
    AllowTrustOp = { trustor: AccountID; asset: AssetCode; authorize: u32 }
    ManageDataOp = { data_name: string64; data_value: DataValue* }
    BumpSequenceOp = { bump_to: SequenceNumber }
    CreateClaimableBalanceOp = { asset: Asset; amount: i64; claimants: Claimant<10> }
    ClaimClaimableBalanceOp = { balance_id: ClaimableBalanceID }
    BeginSponsoringFutureReservesOp = { sponsored_id: AccountID }
    RevokeSponsorshipType = enum { ledger_entry=0; signer=1 }
    RevokeSponsorshipOpSigner = { account_id: AccountID; signer_key: SignerKey }
    RevokeSponsorshipOp = union RevokeSponsorshipType { ledger_entry: LedgerKey; signer: RevokeSponsorshipOpSigner }
    ClawbackOp = { asset: Asset; from: MuxedAccount; amount: i64 }
    ClawbackClaimableBalanceOp = { balance_id: ClaimableBalanceID }
    SetTrustLineFlagsOp = { trustor: AccountID; asset: Asset; clear_flags: u32; set_flags: u32 }
    LiquidityPoolDepositOp = { liquidity_pool_id: PoolID; max_amount_a: i64; max_amount_b: i64; min_price: Price; max_price: Price }
    LiquidityPoolWithdrawOp = { liquidity_pool_id: PoolID; amount: i64; min_amount_a: i64; min_amount_b: i64 }
    HostFunctionType = enum { invoke_contract=0; create_contract=1; upload_contract_wasm=2; create_contract_v2=3 }
    ContractIDPreimageType = enum { address=0; asset=1 }
    ContractIDPreimageFromAddress = { address: SCAddress; salt: uint256 }
    ContractIDPreimage = union ContractIDPreimageType { address: ContractIDPreimageFromAddress; asset: Asset }
    CreateContractArgs = { contract_id_preimage: ContractIDPreimage; executable: ContractExecutable }
    CreateContractArgsV2 = { contract_id_preimage: ContractIDPreimage; executable: ContractExecutable; constructor_args: SCVal<> }
    InvokeContractArgs = { contract_address: SCAddress; function_name: SCSymbol; args: SCVal<> }
    HostFunction = union HostFunctionType { invoke_contract: InvokeContractArgs; create_contract: CreateContractArgs; upload_contract_wasm: opaque<>; create_contract_v2: CreateContractArgsV2 }
    SorobanAuthorizedFunctionType = enum { contract_fn=0; create_contract_host_fn=1; create_contract_v2_host_fn=2 }
    SorobanAuthorizedFunction = union SorobanAuthorizedFunctionType { contract_fn: InvokeContractArgs; create_contract_host_fn: CreateContractArgs; create_contract_v2_host_fn: CreateContractArgsV2 }
    SorobanAuthorizedInvocation = recursive { function: SorobanAuthorizedFunction; sub_invocations: SorobanAuthorizedInvocation<> }
    SorobanAddressCredentials = { address: SCAddress; nonce: i64; signature_expiration_ledger: u32; signature: SCVal }
    SorobanDelegateSignature = recursive { address: SCAddress; signature: SCVal; nested_delegates: SorobanDelegateSignature<> }
    SorobanAddressCredentialsWithDelegates = { address_credentials: SorobanAddressCredentials; delegates: SorobanDelegateSignature<> }
    SorobanCredentialsType = enum { source_account=0; address=1; address_v2=2; address_with_delegates=3 }
    SorobanCredentials = union SorobanCredentialsType { source_account; address: SorobanAddressCredentials; address_v2: SorobanAddressCredentials; address_with_delegates: SorobanAddressCredentialsWithDelegates }
    SorobanAuthorizationEntry = { credentials: SorobanCredentials; root_invocation: SorobanAuthorizedInvocation }
    InvokeHostFunctionOp = { host_function: HostFunction; auth: SorobanAuthorizationEntry<> }
    ExtendFootprintTTLOp = { ext: ExtensionPoint; extend_to: u32 }
    RestoreFootprintOp = { ext: ExtensionPoint }
    OperationBody = union OperationType { create_account: CreateAccountOp; payment: PaymentOp; path_payment_strict_receive: PathPaymentStrictReceiveOp; manage_sell_offer: ManageSellOfferOp; create_passive_sell_offer: CreatePassiveSellOfferOp; set_options: SetOptionsOp; change_trust: ChangeTrustOp; allow_trust: AllowTrustOp; account_merge: MuxedAccount; inflation; manage_data: ManageDataOp; bump_sequence: BumpSequenceOp; manage_buy_offer: ManageBuyOfferOp; path_payment_strict_send: PathPaymentStrictSendOp; create_claimable_balance: CreateClaimableBalanceOp; claim_claimable_balance: ClaimClaimableBalanceOp; begin_sponsoring_future_reserves: BeginSponsoringFutureReservesOp; end_sponsoring_future_reserves; revoke_sponsorship: RevokeSponsorshipOp; clawback: ClawbackOp; clawback_claimable_balance: ClawbackClaimableBalanceOp; set_trust_line_flags: SetTrustLineFlagsOp; liquidity_pool_deposit: LiquidityPoolDepositOp; liquidity_pool_withdraw: LiquidityPoolWithdrawOp; invoke_host_function: InvokeHostFunctionOp; extend_footprint_ttl: ExtendFootprintTTLOp; restore_footprint: RestoreFootprintOp }
    Operation = { source_account: MuxedAccount*; body: OperationBody }
    HashIDPreimageOperationId = { source_account: AccountID; seq_num: SequenceNumber; op_num: u32 }
    HashIDPreimageRevokeId = { source_account: AccountID; seq_num: SequenceNumber; op_num: u32; liquidity_pool_id: PoolID; asset: Asset }
    HashIDPreimageContractId = { network_id: Hash; contract_id_preimage: ContractIDPreimage }
    HashIDPreimageSorobanAuthorization = { network_id: Hash; nonce: i64; signature_expiration_ledger: u32; invocation: SorobanAuthorizedInvocation }
    HashIDPreimageSorobanAuthorizationWithAddress = { network_id: Hash; nonce: i64; signature_expiration_ledger: u32; address: SCAddress; invocation: SorobanAuthorizedInvocation }
    HashIDPreimage = union EnvelopeType { op_id: HashIDPreimageOperationId; pool_revoke_op_id: HashIDPreimageRevokeId; contract_id: HashIDPreimageContractId; soroban_authorization: HashIDPreimageSorobanAuthorization; soroban_authorization_with_address: HashIDPreimageSorobanAuthorizationWithAddress }
    MemoType = enum { none=0; text=1; id=2; hash=3; return=4 }
    Memo = union MemoType { none; text: string<28>; id: u64; hash: Hash; return: Hash }
    TimeBounds = { min_time: TimePoint; max_time: TimePoint }
    LedgerBounds = { min_ledger: u32; max_ledger: u32 }
    PreconditionsV2 = { time_bounds: TimeBounds*; ledger_bounds: LedgerBounds*; min_seq_num: SequenceNumber*; min_seq_age: Duration; min_seq_ledger_gap: u32; extra_signers: SignerKey<2> }
    PreconditionType = enum { none=0; time=1; v2=2 }
    Preconditions = union PreconditionType { none; time: TimeBounds; v2: PreconditionsV2 }
    LedgerFootprint = { read_only: LedgerKey<>; read_write: LedgerKey<> }
    SorobanResources = { footprint: LedgerFootprint; instructions: u32; disk_read_bytes: u32; write_bytes: u32 }
    SorobanResourcesExtV0 = { archived_soroban_entries: u32<> }
    SorobanTransactionDataExt = union { 0=v0; 1=v1: SorobanResourcesExtV0 }
    SorobanTransactionData = { ext: SorobanTransactionDataExt; resources: SorobanResources; resource_fee: i64 }
    TransactionV0Ext = union { 0=v0 }
    TransactionV0 = { source_account_ed25519: uint256; fee: u32; seq_num: SequenceNumber; time_bounds: TimeBounds*; memo: Memo; operations: Operation<100>; ext: TransactionV0Ext }
    TransactionV0Envelope = { tx: TransactionV0; signatures: DecoratedSignature<20> }
    TransactionExt = union { 0=v0; 1=v1: SorobanTransactionData }
    Transaction = { source_account: MuxedAccount; fee: u32; seq_num: SequenceNumber; cond: Preconditions; memo: Memo; operations: Operation<100>; ext: TransactionExt }
    TransactionV1Envelope = { tx: Transaction; signatures: DecoratedSignature<20> }
    FeeBumpTransactionInnerTx = union EnvelopeType { tx: TransactionV1Envelope }
    FeeBumpTransactionExt = union { 0=v0 }
    FeeBumpTransaction = { fee_source: MuxedAccount; fee: i64; inner_tx: FeeBumpTransactionInnerTx; ext: FeeBumpTransactionExt }
    FeeBumpTransactionEnvelope = { tx: FeeBumpTransaction; signatures: DecoratedSignature<20> }
    TransactionEnvelope = union EnvelopeType { tx_v0: TransactionV0Envelope; tx: TransactionV1Envelope; tx_fee_bump: FeeBumpTransactionEnvelope }
    TransactionSignaturePayloadTaggedTransaction = union EnvelopeType { tx: Transaction; tx_fee_bump: FeeBumpTransaction }
    TransactionSignaturePayload = { network_id: Hash; tagged_transaction: TransactionSignaturePayloadTaggedTransaction }
    ClaimAtomType = enum { v0=0; order_book=1; liquidity_pool=2 }
    ClaimOfferAtomV0 = { seller_ed25519: uint256; offer_id: i64; asset_sold: Asset; amount_sold: i64; asset_bought: Asset; amount_bought: i64 }
    ClaimOfferAtom = { seller_id: AccountID; offer_id: i64; asset_sold: Asset; amount_sold: i64; asset_bought: Asset; amount_bought: i64 }
    ClaimLiquidityAtom = { liquidity_pool_id: PoolID; asset_sold: Asset; amount_sold: i64; asset_bought: Asset; amount_bought: i64 }
    ClaimAtom = union ClaimAtomType { v0: ClaimOfferAtomV0; order_book: ClaimOfferAtom; liquidity_pool: ClaimLiquidityAtom }
    CreateAccountResultCode = enum { success=0; malformed=-1; underfunded=-2; low_reserve=-3; already_exist=-4 }
    CreateAccountResult = union CreateAccountResultCode { success; malformed|underfunded|low_reserve|already_exist }
    PaymentResultCode = enum { success=0; malformed=-1; underfunded=-2; src_no_trust=-3; src_not_authorized=-4; no_destination=-5; no_trust=-6; not_authorized=-7; line_full=-8; no_issuer=-9 }
    PaymentResult = union PaymentResultCode { success; malformed|underfunded|src_no_trust|src_not_authorized|no_destination|no_trust|not_authorized|line_full|no_issuer }
    PathPaymentStrictReceiveResultCode = enum { success=0; malformed=-1; underfunded=-2; src_no_trust=-3; src_not_authorized=-4; no_destination=-5; no_trust=-6; not_authorized=-7; line_full=-8; no_issuer=-9; too_few_offers=-10; offer_cross_self=-11; over_sendmax=-12 }
    SimplePaymentResult = { destination: AccountID; asset: Asset; amount: i64 }
    PathPaymentStrictReceiveResultSuccess = { offers: ClaimAtom<>; last: SimplePaymentResult }
    PathPaymentStrictReceiveResult = union PathPaymentStrictReceiveResultCode { success: PathPaymentStrictReceiveResultSuccess; malformed|underfunded|src_no_trust|src_not_authorized|no_destination|no_trust|not_authorized|line_full; no_issuer: Asset; too_few_offers|offer_cross_self|over_sendmax }
    PathPaymentStrictSendResultCode = enum { success=0; malformed=-1; underfunded=-2; src_no_trust=-3; src_not_authorized=-4; no_destination=-5; no_trust=-6; not_authorized=-7; line_full=-8; no_issuer=-9; too_few_offers=-10; offer_cross_self=-11; under_destmin=-12 }
    PathPaymentStrictSendResultSuccess = { offers: ClaimAtom<>; last: SimplePaymentResult }
    PathPaymentStrictSendResult = union PathPaymentStrictSendResultCode { success: PathPaymentStrictSendResultSuccess; malformed|underfunded|src_no_trust|src_not_authorized|no_destination|no_trust|not_authorized|line_full; no_issuer: Asset; too_few_offers|offer_cross_self|under_destmin }
    ManageSellOfferResultCode = enum { success=0; malformed=-1; sell_no_trust=-2; buy_no_trust=-3; sell_not_authorized=-4; buy_not_authorized=-5; line_full=-6; underfunded=-7; cross_self=-8; sell_no_issuer=-9; buy_no_issuer=-10; not_found=-11; low_reserve=-12 }
    ManageOfferEffect = enum { created=0; updated=1; deleted=2 }
    ManageOfferSuccessResultOffer = union ManageOfferEffect { created|updated: OfferEntry; deleted }
    ManageOfferSuccessResult = { offers_claimed: ClaimAtom<>; offer: ManageOfferSuccessResultOffer }
    ManageSellOfferResult = union ManageSellOfferResultCode { success: ManageOfferSuccessResult; malformed|sell_no_trust|buy_no_trust|sell_not_authorized|buy_not_authorized|line_full|underfunded|cross_self|sell_no_issuer|buy_no_issuer|not_found|low_reserve }
    ManageBuyOfferResultCode = enum { success=0; malformed=-1; sell_no_trust=-2; buy_no_trust=-3; sell_not_authorized=-4; buy_not_authorized=-5; line_full=-6; underfunded=-7; cross_self=-8; sell_no_issuer=-9; buy_no_issuer=-10; not_found=-11; low_reserve=-12 }
    ManageBuyOfferResult = union ManageBuyOfferResultCode { success: ManageOfferSuccessResult; malformed|sell_no_trust|buy_no_trust|sell_not_authorized|buy_not_authorized|line_full|underfunded|cross_self|sell_no_issuer|buy_no_issuer|not_found|low_reserve }
    SetOptionsResultCode = enum { success=0; low_reserve=-1; too_many_signers=-2; bad_flags=-3; invalid_inflation=-4; cant_change=-5; unknown_flag=-6; threshold_out_of_range=-7; bad_signer=-8; invalid_home_domain=-9; auth_revocable_required=-10 }
    SetOptionsResult = union SetOptionsResultCode { success; low_reserve|too_many_signers|bad_flags|invalid_inflation|cant_change|unknown_flag|threshold_out_of_range|bad_signer|invalid_home_domain|auth_revocable_required }
    ChangeTrustResultCode = enum { success=0; malformed=-1; no_issuer=-2; invalid_limit=-3; low_reserve=-4; self_not_allowed=-5; trust_line_missing=-6; cannot_delete=-7; not_auth_maintain_liabilities=-8 }
    ChangeTrustResult = union ChangeTrustResultCode { success; malformed|no_issuer|invalid_limit|low_reserve|self_not_allowed|trust_line_missing|cannot_delete|not_auth_maintain_liabilities }
    AllowTrustResultCode = enum { success=0; malformed=-1; no_trust_line=-2; trust_not_required=-3; cant_revoke=-4; self_not_allowed=-5; low_reserve=-6 }
    AllowTrustResult = union AllowTrustResultCode { success; malformed|no_trust_line|trust_not_required|cant_revoke|self_not_allowed|low_reserve }
    AccountMergeResultCode = enum { success=0; malformed=-1; no_account=-2; immutable_set=-3; has_sub_entries=-4; seqnum_too_far=-5; dest_full=-6; is_sponsor=-7 }
    AccountMergeResult = union AccountMergeResultCode { success: i64; malformed|no_account|immutable_set|has_sub_entries|seqnum_too_far|dest_full|is_sponsor }
    InflationResultCode = enum { success=0; not_time=-1 }
    InflationPayout = { destination: AccountID; amount: i64 }
    InflationResult = union InflationResultCode { success: InflationPayout<>; not_time }
    ManageDataResultCode = enum { success=0; not_supported_yet=-1; name_not_found=-2; low_reserve=-3; invalid_name=-4 }
    ManageDataResult = union ManageDataResultCode { success; not_supported_yet|name_not_found|low_reserve|invalid_name }
    BumpSequenceResultCode = enum { success=0; bad_seq=-1 }
    BumpSequenceResult = union BumpSequenceResultCode { success; bad_seq }
    CreateClaimableBalanceResultCode = enum { success=0; malformed=-1; low_reserve=-2; no_trust=-3; not_authorized=-4; underfunded=-5 }
    CreateClaimableBalanceResult = union CreateClaimableBalanceResultCode { success: ClaimableBalanceID; malformed|low_reserve|no_trust|not_authorized|underfunded }
    ClaimClaimableBalanceResultCode = enum { success=0; does_not_exist=-1; cannot_claim=-2; line_full=-3; no_trust=-4; not_authorized=-5; trustline_frozen=-6 }
    ClaimClaimableBalanceResult = union ClaimClaimableBalanceResultCode { success; does_not_exist|cannot_claim|line_full|no_trust|not_authorized|trustline_frozen }
    BeginSponsoringFutureReservesResultCode = enum { success=0; malformed=-1; already_sponsored=-2; recursive=-3 }
    BeginSponsoringFutureReservesResult = union BeginSponsoringFutureReservesResultCode { success; malformed|already_sponsored|recursive }
    EndSponsoringFutureReservesResultCode = enum { success=0; not_sponsored=-1 }
    EndSponsoringFutureReservesResult = union EndSponsoringFutureReservesResultCode { success; not_sponsored }
    RevokeSponsorshipResultCode = enum { success=0; does_not_exist=-1; not_sponsor=-2; low_reserve=-3; only_transferable=-4; malformed=-5 }
    RevokeSponsorshipResult = union RevokeSponsorshipResultCode { success; does_not_exist|not_sponsor|low_reserve|only_transferable|malformed }
    ClawbackResultCode = enum { success=0; malformed=-1; not_clawback_enabled=-2; no_trust=-3; underfunded=-4 }
    ClawbackResult = union ClawbackResultCode { success; malformed|not_clawback_enabled|no_trust|underfunded }
    ClawbackClaimableBalanceResultCode = enum { success=0; does_not_exist=-1; not_issuer=-2; not_clawback_enabled=-3 }
    ClawbackClaimableBalanceResult = union ClawbackClaimableBalanceResultCode { success; does_not_exist|not_issuer|not_clawback_enabled }
    SetTrustLineFlagsResultCode = enum { success=0; malformed=-1; no_trust_line=-2; cant_revoke=-3; invalid_state=-4; low_reserve=-5 }
    SetTrustLineFlagsResult = union SetTrustLineFlagsResultCode { success; malformed|no_trust_line|cant_revoke|invalid_state|low_reserve }
    LiquidityPoolDepositResultCode = enum { success=0; malformed=-1; no_trust=-2; not_authorized=-3; underfunded=-4; line_full=-5; bad_price=-6; pool_full=-7; trustline_frozen=-8 }
    LiquidityPoolDepositResult = union LiquidityPoolDepositResultCode { success; malformed|no_trust|not_authorized|underfunded|line_full|bad_price|pool_full|trustline_frozen }
    LiquidityPoolWithdrawResultCode = enum { success=0; malformed=-1; no_trust=-2; underfunded=-3; line_full=-4; under_minimum=-5; trustline_frozen=-6 }
    LiquidityPoolWithdrawResult = union LiquidityPoolWithdrawResultCode { success; malformed|no_trust|underfunded|line_full|under_minimum|trustline_frozen }
    InvokeHostFunctionResultCode = enum { success=0; malformed=-1; trapped=-2; resource_limit_exceeded=-3; entry_archived=-4; insufficient_refundable_fee=-5 }
    InvokeHostFunctionResult = union InvokeHostFunctionResultCode { success: Hash; malformed|trapped|resource_limit_exceeded|entry_archived|insufficient_refundable_fee }
    ExtendFootprintTTLResultCode = enum { success=0; malformed=-1; resource_limit_exceeded=-2; insufficient_refundable_fee=-3 }
    ExtendFootprintTTLResult = union ExtendFootprintTTLResultCode { success; malformed|resource_limit_exceeded|insufficient_refundable_fee }
    RestoreFootprintResultCode = enum { success=0; malformed=-1; resource_limit_exceeded=-2; insufficient_refundable_fee=-3 }
    RestoreFootprintResult = union RestoreFootprintResultCode { success; malformed|resource_limit_exceeded|insufficient_refundable_fee }
    OperationResultCode = enum { op_inner=0; op_bad_auth=-1; op_no_account=-2; op_not_supported=-3; op_too_many_subentries=-4; op_exceeded_work_limit=-5; op_too_many_sponsoring=-6 }
    OperationResultTr = union OperationType { create_account: CreateAccountResult; payment: PaymentResult; path_payment_strict_receive: PathPaymentStrictReceiveResult; manage_sell_offer: ManageSellOfferResult; create_passive_sell_offer: ManageSellOfferResult; set_options: SetOptionsResult; change_trust: ChangeTrustResult; allow_trust: AllowTrustResult; account_merge: AccountMergeResult; inflation: InflationResult; manage_data: ManageDataResult; bump_sequence: BumpSequenceResult; manage_buy_offer: ManageBuyOfferResult; path_payment_strict_send: PathPaymentStrictSendResult; create_claimable_balance: CreateClaimableBalanceResult; claim_claimable_balance: ClaimClaimableBalanceResult; begin_sponsoring_future_reserves: BeginSponsoringFutureReservesResult; end_sponsoring_future_reserves: EndSponsoringFutureReservesResult; revoke_sponsorship: RevokeSponsorshipResult; clawback: ClawbackResult; clawback_claimable_balance: ClawbackClaimableBalanceResult; set_trust_line_flags: SetTrustLineFlagsResult; liquidity_pool_deposit: LiquidityPoolDepositResult; liquidity_pool_withdraw: LiquidityPoolWithdrawResult; invoke_host_function: InvokeHostFunctionResult; extend_footprint_ttl: ExtendFootprintTTLResult; restore_footprint: RestoreFootprintResult }
    OperationResult = union OperationResultCode { op_inner: OperationResultTr; op_bad_auth|op_no_account|op_not_supported|op_too_many_subentries|op_exceeded_work_limit|op_too_many_sponsoring }
    TransactionResultCode = enum { tx_fee_bump_inner_success=1; tx_success=0; tx_failed=-1; tx_too_early=-2; tx_too_late=-3; tx_missing_operation=-4; tx_bad_seq=-5; tx_bad_auth=-6; tx_insufficient_balance=-7; tx_no_account=-8; tx_insufficient_fee=-9; tx_bad_auth_extra=-10; tx_internal_error=-11; tx_not_supported=-12; tx_fee_bump_inner_failed=-13; tx_bad_sponsorship=-14; tx_bad_min_seq_age_or_gap=-15; tx_malformed=-16; tx_soroban_invalid=-17; tx_frozen_key_accessed=-18 }
    InnerTransactionResultResult = union TransactionResultCode { tx_success|tx_failed: OperationResult<>; tx_too_early|tx_too_late|tx_missing_operation|tx_bad_seq|tx_bad_auth|tx_insufficient_balance|tx_no_account|tx_insufficient_fee|tx_bad_auth_extra|tx_internal_error|tx_not_supported|tx_bad_sponsorship|tx_bad_min_seq_age_or_gap|tx_malformed|tx_soroban_invalid|tx_frozen_key_accessed }
    InnerTransactionResultExt = union { 0=v0 }
    InnerTransactionResult = { fee_charged: i64; result: InnerTransactionResultResult; ext: InnerTransactionResultExt }
    InnerTransactionResultPair = { transaction_hash: Hash; result: InnerTransactionResult }
    TransactionResultResult = union TransactionResultCode { tx_fee_bump_inner_success|tx_fee_bump_inner_failed: InnerTransactionResultPair; tx_success|tx_failed: OperationResult<>; tx_too_early|tx_too_late|tx_missing_operation|tx_bad_seq|tx_bad_auth|tx_insufficient_balance|tx_no_account|tx_insufficient_fee|tx_bad_auth_extra|tx_internal_error|tx_not_supported|tx_bad_sponsorship|tx_bad_min_seq_age_or_gap|tx_malformed|tx_soroban_invalid|tx_frozen_key_accessed }
    TransactionResultExt = union { 0=v0 }
    TransactionResult = { fee_charged: i64; result: TransactionResultResult; ext: TransactionResultExt }
    SorobanAuthorizationEntries = SorobanAuthorizationEntry<>
    """
}
