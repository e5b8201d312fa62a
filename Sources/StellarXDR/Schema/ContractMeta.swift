// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-contract-env-meta.x and Stellar-contract-meta.x: the custom sections of a contract's WebAssembly
  static let contractMeta: StaticString = """
    SCEnvMetaKind = enum { sc_env_meta_kind_interface_version=0 }
    SCEnvMetaEntryInterfaceVersion = { protocol: u32; pre_release: u32 }
    SCEnvMetaEntry = union SCEnvMetaKind { sc_env_meta_kind_interface_version: SCEnvMetaEntryInterfaceVersion }
    SCMetaV0 = { key: string<>; val: string<> }
    SCMetaKind = enum { sc_meta_v0=0 }
    SCMetaEntry = union SCMetaKind { sc_meta_v0: SCMetaV0 }
    """
}
