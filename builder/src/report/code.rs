//! The stable codes of errors. A code never changes its meaning.

/// What kind of failure an [`Error`](super::Error) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    ManifestSyntax,
    ManifestMissing,
    ManifestComponents,
    ManifestPath,
    ManifestRoute,
    ManifestGrant,
    LanguageUnknown,
    LanguageUndetected,
    LanguageAmbiguous,
    ComponentUnknown,
    ComponentExists,
    TemplateWrong,
    ToolMissing,
    ToolVersion,
    ToolRun,
    SetupFailed,
    CompileFailed,
    HandlerMissing,
    ModuleInvalid,
    WorldMismatch,
    NotBuilt,
    SnapshotFailed,
    ServeFailed,
    WasmInvalid,
    ConformFailed,
    Io,
    FolderTaken,
    Interrupted,
    Usage,
}

impl Code {
    /// The code as it is shown and looked up.
    pub fn text(self) -> &'static str {
        match self {
            Code::ManifestSyntax => "E0101",
            Code::ManifestMissing => "E0102",
            Code::ManifestComponents => "E0103",
            Code::ManifestPath => "E0104",
            Code::ManifestRoute => "E0105",
            Code::ManifestGrant => "E0106",
            Code::LanguageUnknown => "E0111",
            Code::LanguageUndetected => "E0112",
            Code::LanguageAmbiguous => "E0113",
            Code::ComponentUnknown => "E0114",
            Code::ComponentExists => "E0115",
            Code::TemplateWrong => "E0121",
            Code::ToolMissing => "E0201",
            Code::ToolVersion => "E0202",
            Code::ToolRun => "E0203",
            Code::SetupFailed => "E0204",
            Code::CompileFailed => "E0301",
            Code::HandlerMissing => "E0302",
            Code::ModuleInvalid => "E0401",
            Code::WorldMismatch => "E0402",
            Code::SnapshotFailed => "E0403",
            Code::WasmInvalid => "E0404",
            Code::ServeFailed => "E0501",
            Code::NotBuilt => "E0502",
            Code::ConformFailed => "E0601",
            Code::Io => "E0701",
            Code::Interrupted => "E0702",
            Code::FolderTaken => "E0703",
            Code::Usage => "E0801",
        }
    }

    /// The exit code of a program that ends with this failure: 2 for wrong
    /// usage, 130 for an interruption (128 + SIGINT), else 1.
    pub fn exit_code(self) -> u8 {
        match self {
            Code::Usage => 2,
            Code::Interrupted => 130,
            _ => 1,
        }
    }
}
