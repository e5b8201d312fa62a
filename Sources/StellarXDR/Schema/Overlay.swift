// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-overlay.x: what nodes send to each other
  static let overlay: StaticString = """
    ErrorCode = enum { misc=0; data=1; conf=2; auth=3; load=4 }
    Error = { code: ErrorCode; msg: string<100> }
    SendMore = { num_messages: u32 }
    SendMoreExtended = { num_messages: u32; num_bytes: u32 }
    AuthCert = { pubkey: Curve25519Public; expiration: u64; sig: Signature }
    Hello = { ledger_version: u32; overlay_version: u32; overlay_min_version: u32; network_id: Hash; version_str: string<100>; listening_port: i32; peer_id: NodeID; cert: AuthCert; nonce: uint256 }
    Auth = { flags: i32 }
    IPAddrType = enum { i_pv4=0; i_pv6=1 }
    PeerAddressIp = union IPAddrType { i_pv4: byte[4]; i_pv6: byte[16] }
    PeerAddress = { ip: PeerAddressIp; port: u32; num_failures: u32 }
    MessageType = enum { error_msg=0; auth=2; dont_have=3; peers=5; get_tx_set=6; tx_set=7; generalized_tx_set=17; transaction=8; get_scp_quorumset=9; scp_quorumset=10; scp_message=11; get_scp_state=12; hello=13; send_more=16; send_more_extended=20; flood_advert=18; flood_demand=19; time_sliced_survey_request=21; time_sliced_survey_response=22; time_sliced_survey_start_collecting=23; time_sliced_survey_stop_collecting=24 }
    DontHave = { type: MessageType; req_hash: uint256 }
    SurveyMessageCommandType = enum { time_sliced_survey_topology=1 }
    SurveyMessageResponseType = enum { survey_topology_response_v2=2 }
    TimeSlicedSurveyStartCollectingMessage = { surveyor_id: NodeID; nonce: u32; ledger_num: u32 }
    SignedTimeSlicedSurveyStartCollectingMessage = { signature: Signature; start_collecting: TimeSlicedSurveyStartCollectingMessage }
    TimeSlicedSurveyStopCollectingMessage = { surveyor_id: NodeID; nonce: u32; ledger_num: u32 }
    SignedTimeSlicedSurveyStopCollectingMessage = { signature: Signature; stop_collecting: TimeSlicedSurveyStopCollectingMessage }
    SurveyRequestMessage = { surveyor_peer_id: NodeID; surveyed_peer_id: NodeID; ledger_num: u32; encryption_key: Curve25519Public; command_type: SurveyMessageCommandType }
    TimeSlicedSurveyRequestMessage = { request: SurveyRequestMessage; nonce: u32; inbound_peers_index: u32; outbound_peers_index: u32 }
    SignedTimeSlicedSurveyRequestMessage = { request_signature: Signature; request: TimeSlicedSurveyRequestMessage }
    EncryptedBody = opaque<64000>
    SurveyResponseMessage = { surveyor_peer_id: NodeID; surveyed_peer_id: NodeID; ledger_num: u32; command_type: SurveyMessageCommandType; encrypted_body: EncryptedBody }
    TimeSlicedSurveyResponseMessage = { response: SurveyResponseMessage; nonce: u32 }
    SignedTimeSlicedSurveyResponseMessage = { response_signature: Signature; response: TimeSlicedSurveyResponseMessage }
    PeerStats = { id: NodeID; version_str: string<100>; messages_read: u64; messages_written: u64; bytes_read: u64; bytes_written: u64; seconds_connected: u64; unique_flood_bytes_recv: u64; duplicate_flood_bytes_recv: u64; unique_fetch_bytes_recv: u64; duplicate_fetch_bytes_recv: u64; unique_flood_message_recv: u64; duplicate_flood_message_recv: u64; unique_fetch_message_recv: u64; duplicate_fetch_message_recv: u64 }
    TimeSlicedNodeData = { added_authenticated_peers: u32; dropped_authenticated_peers: u32; total_inbound_peer_count: u32; total_outbound_peer_count: u32; p75_scp_first_to_self_latency_ms: u32; p75_scp_self_to_other_latency_ms: u32; lost_sync_count: u32; is_validator: bool; max_inbound_peer_count: u32; max_outbound_peer_count: u32 }
    TimeSlicedPeerData = { peer_stats: PeerStats; average_latency_ms: u32 }
    TimeSlicedPeerDataList = TimeSlicedPeerData<25>
    TopologyResponseBodyV2 = { inbound_peers: TimeSlicedPeerDataList; outbound_peers: TimeSlicedPeerDataList; node_data: TimeSlicedNodeData }
    SurveyResponseBody = union SurveyMessageResponseType { survey_topology_response_v2: TopologyResponseBodyV2 }
    TxAdvertVector = Hash<1000>
    FloodAdvert = { tx_hashes: TxAdvertVector }
    TxDemandVector = Hash<1000>
    FloodDemand = { tx_hashes: TxDemandVector }
    StellarMessage = union MessageType { error_msg: Error; hello: Hello; auth: Auth; dont_have: DontHave; peers: PeerAddress<100>; get_tx_set: uint256; tx_set: TransactionSet; generalized_tx_set: GeneralizedTransactionSet; transaction: TransactionEnvelope; time_sliced_survey_request: SignedTimeSlicedSurveyRequestMessage; time_sliced_survey_response: SignedTimeSlicedSurveyResponseMessage; time_sliced_survey_start_collecting: SignedTimeSlicedSurveyStartCollectingMessage; time_sliced_survey_stop_collecting: SignedTimeSlicedSurveyStopCollectingMessage; get_scp_quorumset: uint256; scp_quorumset: SCPQuorumSet; scp_message: SCPEnvelope; get_scp_state: u32; send_more: SendMore; send_more_extended: SendMoreExtended; flood_advert: FloodAdvert; flood_demand: FloodDemand }
    AuthenticatedMessageV0 = { sequence: u64; message: StellarMessage; mac: HmacSha256Mac }
    AuthenticatedMessage = union { 0=v0: AuthenticatedMessageV0 }
    """
}
