//! The stable codes of errors. A code never changes its meaning.

/// One line for each code: its name here and the text by which it is shown and
/// looked up. What it means is told in the file of that name in `codes/`.
macro_rules! codes {
    ($($name:ident = $text:literal,)*) => {
        /// What kind of failure an [`Error`](super::Error) is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($name,)*
        }

        impl Code {
            /// Every code, in the order of its numbers.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The code as it is shown and looked up.
            pub fn text(self) -> &'static str {
                match self {
                    $(Code::$name => $text,)*
                }
            }

            /// What the code means, as Markdown: a title, an example, a way out.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("codes/", $text, ".md")),)*
                }
            }
        }
    };
}

codes! {
    // The app: its manifest and its folders.
    ManifestSyntax = "E0101",
    ManifestMissing = "E0102",
    ManifestComponents = "E0103",
    ManifestPath = "E0104",
    ManifestRoute = "E0105",
    ManifestGrant = "E0106",
    ManifestKey = "E0107",
    ManifestType = "E0108",
    ManifestVersion = "E0109",
    ManifestIncomplete = "E0110",
    LanguageUnknown = "E0111",
    LanguageUndetected = "E0112",
    LanguageAmbiguous = "E0113",
    ComponentUnknown = "E0114",
    RouteMissing = "E0115",
    RouteDuplicate = "E0116",
    RouteOverlap = "E0117",
    NameInvalid = "E0118",
    PathNoFolder = "E0119",
    VariableInvalid = "E0120",
    ToolchainUnknown = "E0121",
    ComponentExists = "E0122",
    TemplateWrong = "E0123",
    // Tools, and getting them.
    ToolMissing = "E0201",
    ToolVersion = "E0202",
    ToolRun = "E0203",
    SetupFailed = "E0204",
    ToolNew = "E0205",
    ToolBroken = "E0206",
    ToolPair = "E0207",
    ToolAbsent = "E0208",
    ToolSlow = "E0209",
    ToolUnexpected = "E0210",
    RegistryUnreachable = "E0211",
    DigestWrong = "E0212",
    PackageUnavailable = "E0213",
    PreparingFailed = "E0214",
    // The user's code.
    CompileFailed = "E0301",
    HandlerMissing = "E0302",
    HandlerShape = "E0303",
    DependencyMissing = "E0304",
    PackagesFailed = "E0305",
    NativeCode = "E0306",
    NodeModule = "E0307",
    PackageManifest = "E0308",
    SdkMissing = "E0309",
    TargetMissing = "E0310",
    SourceEncoding = "E0311",
    NeedsSystem = "E0312",
    BuildFailed = "E0313",
    // WebAssembly: start-up, components, worlds.
    ModuleInvalid = "E0401",
    WorldMismatch = "E0402",
    SnapshotFailed = "E0403",
    WasmInvalid = "E0404",
    CapabilityUndeclared = "E0405",
    ExportMissing = "E0406",
    TypesDiffer = "E0407",
    WasiVersion = "E0408",
    StartEndless = "E0409",
    StartCallsOut = "E0410",
    CoreModule = "E0411",
    // Serving.
    ServeFailed = "E0501",
    NotBuilt = "E0502",
    AddressInUse = "E0503",
    AddressDenied = "E0504",
    AddressUnavailable = "E0505",
    MemoryLimit = "E0506",
    TraceUnplaced = "E0507",
    // The suite.
    ConformFailed = "E0601",
    NoGuest = "E0602",
    // Files and the surroundings.
    Io = "E0701",
    Interrupted = "E0702",
    NotPermitted = "E0703",
    DiskFull = "E0704",
    FileMissing = "E0705",
    InTheWay = "E0706",
    HomeMissing = "E0707",
    FolderTaken = "E0708",
    // The command line.
    Usage = "E0801",
    // Measuring.
    AnswerWrong = "E0901",
    MeasureFailed = "E0902",
}

impl Code {
    /// The code that is written so: `E0101`, in any case, or its number alone.
    pub fn find(text: &str) -> Option<Code> {
        let digits = text.trim_start_matches(['E', 'e']);
        Code::ALL.iter().copied().find(|code| {
            code.text() == text
                || (digits.len() <= 4 && code.text()[1..] == format!("{digits:0>4}"))
        })
    }

    /// The first line of its explanation, without the mark of a heading.
    pub fn title(self) -> &'static str {
        let line = self.explanation().lines().next().unwrap_or_default();
        line.trim_start_matches("# ")
    }

    /// What to do in general, as a sentence: the first of its explanation's last part.
    pub fn way_out(self) -> &'static str {
        let (_, text) = self.explanation().split_once("\n## What to do\n").unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        line.find(". ").map_or(line, |end| &line[..=end])
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

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(Code::ALL.is_sorted_by(|a, b| a.text() < b.text()));
    }

    #[test]
    fn a_code_is_found_as_people_write_it() {
        for text in ["E0101", "e0101", "0101", "101"] {
            assert_eq!(Code::find(text), Some(Code::ManifestSyntax), "{text}");
        }
        for text in ["", "E", "E9999", "E01011", "manifest", "E01é"] {
            assert_eq!(Code::find(text), None, "{text}");
        }
    }

    #[test]
    fn every_file_explains_a_code() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/codes");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let code = name.strip_suffix(".md").unwrap_or_default();
            assert!(Code::ALL.iter().any(|known| known.text() == code), "{name} has no code");
        }
    }

    #[test]
    fn every_explanation_has_a_title_an_example_and_a_way_out() {
        for code in Code::ALL {
            let (text, code) = (code.explanation(), code.text());
            assert!(text.starts_with("# "), "{code} has no title");
            assert!(text.contains(&format!("\nerror[{code}]: ")), "{code} has no example");
            assert!(text.contains("\n## What to do\n"), "{code} has no way out");
        }
        for code in Code::ALL {
            let way_out = code.way_out();
            assert!(way_out.ends_with('.'), "{}: `{way_out}` is no sentence", code.text());
        }
    }
}
