// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-contract-spec.x
  static let contractSpec: StaticString = """
    SCSpecType = enum { val=0; bool=1; void=2; error=3; u32=4; i32=5; u64=6; i64=7; timepoint=8; duration=9; u128=10; i128=11; u256=12; i256=13; bytes=14; string=16; symbol=17; address=19; muxed_address=20; option=1000; result=1001; vec=1002; map=1004; tuple=1005; bytes_n=1006; udt=2000 }
    SCSpecTypeDef = recursive union SCSpecType { val|bool|void|error|u32|i32|u64|i64|timepoint|duration|u128|i128|u256|i256|bytes|string|symbol|address|muxed_address; option: SCSpecTypeOption; result: SCSpecTypeResult; vec: SCSpecTypeVec; map: SCSpecTypeMap; tuple: SCSpecTypeTuple; bytes_n: SCSpecTypeBytesN; udt: SCSpecTypeUDT }
    SCSpecTypeOption = { value_type: SCSpecTypeDef }
    SCSpecTypeResult = { ok_type: SCSpecTypeDef; error_type: SCSpecTypeDef }
    SCSpecTypeVec = { element_type: SCSpecTypeDef }
    SCSpecTypeMap = { key_type: SCSpecTypeDef; value_type: SCSpecTypeDef }
    SCSpecTypeTuple = { value_types: SCSpecTypeDef<12> }
    SCSpecTypeBytesN = { n: u32 }
    SCSpecTypeUDT = { name: string<60> }
    SCSpecUDTStructFieldV0 = { doc: string<1024>; name: string<30>; type: SCSpecTypeDef }
    SCSpecUDTStructV0 = { doc: string<1024>; lib: string<80>; name: string<60>; fields: SCSpecUDTStructFieldV0<> }
    SCSpecUDTUnionCaseVoidV0 = { doc: string<1024>; name: string<60> }
    SCSpecUDTUnionCaseTupleV0 = { doc: string<1024>; name: string<60>; type: SCSpecTypeDef<> }
    SCSpecUDTUnionCaseV0Kind = enum { void_v0=0; tuple_v0=1 }
    SCSpecUDTUnionCaseV0 = union SCSpecUDTUnionCaseV0Kind { void_v0: SCSpecUDTUnionCaseVoidV0; tuple_v0: SCSpecUDTUnionCaseTupleV0 }
    SCSpecUDTUnionV0 = { doc: string<1024>; lib: string<80>; name: string<60>; cases: SCSpecUDTUnionCaseV0<> }
    SCSpecUDTEnumCaseV0 = { doc: string<1024>; name: string<60>; value: u32 }
    SCSpecUDTEnumV0 = { doc: string<1024>; lib: string<80>; name: string<60>; cases: SCSpecUDTEnumCaseV0<> }
    SCSpecUDTErrorEnumCaseV0 = { doc: string<1024>; name: string<60>; value: u32 }
    SCSpecUDTErrorEnumV0 = { doc: string<1024>; lib: string<80>; name: string<60>; cases: SCSpecUDTErrorEnumCaseV0<> }
    SCSpecFunctionInputV0 = { doc: string<1024>; name: string<30>; type: SCSpecTypeDef }
    SCSpecFunctionV0 = { doc: string<1024>; name: SCSymbol; inputs: SCSpecFunctionInputV0<>; outputs: SCSpecTypeDef<1> }
    SCSpecEventParamLocationV0 = enum { data=0; topic_list=1 }
    SCSpecEventParamV0 = { doc: string<1024>; name: string<30>; type: SCSpecTypeDef; location: SCSpecEventParamLocationV0 }
    SCSpecEventDataFormat = enum { single_value=0; vec=1; map=2 }
    SCSpecEventV0 = { doc: string<1024>; lib: string<80>; name: SCSymbol; prefix_topics: SCSymbol<2>; params: SCSpecEventParamV0<>; data_format: SCSpecEventDataFormat }
    SCSpecEntryKind = enum { function_v0=0; udt_struct_v0=1; udt_union_v0=2; udt_enum_v0=3; udt_error_enum_v0=4; event_v0=5 }
    SCSpecEntry = union SCSpecEntryKind { function_v0: SCSpecFunctionV0; udt_struct_v0: SCSpecUDTStructV0; udt_union_v0: SCSpecUDTUnionV0; udt_enum_v0: SCSpecUDTEnumV0; udt_error_enum_v0: SCSpecUDTErrorEnumV0; event_v0: SCSpecEventV0 }
    """
}
