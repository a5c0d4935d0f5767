//! The libraries' code with the indices of the program.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, Encode, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    Instruction, MemorySection, MemoryType, Module, NameMap, NameSection, RefType, TableSection,
    TableType, TypeSection, ValType,
};
use wasmparser::{BlockType, FuncType, FunctionBody, Operator};

use super::frames::{Frame, FrameRoom, frame};
use super::image::Image;
use super::layout::{Layout, Value};
use super::library::Library;
use super::reach::Reached;
use super::symbols::{FunctionId, Symbols, Target};

/// All that is known when the module is written.
pub struct Emission<'a, 'b> {
    pub libraries: &'b [Library<'a>],
    pub symbols: &'b Symbols<'a>,
    pub reached: &'b Reached<'a>,
    pub layout: &'b Layout,
    /// What `_initialize` calls, in this order.
    pub initialisers: Vec<FunctionId>,
    pub exports: Vec<(&'a str, FunctionId)>,
    pub names: bool,
    pub frame_room: FrameRoom,
    /// The functions whose callers get a frame in any case.
    pub watches: Vec<FunctionId>,
}

/// The one variable.
const STACK_POINTER: u32 = 0;

impl Emission<'_, '_> {
    /// # Errors
    /// If code cannot be parsed or has instructions that C code does not bring in.
    pub fn module(&self) -> Result<Vec<u8>> {
        let mut types = Types::default();
        let mut indices = Indices::new(self)?;
        let (imports, functions, code) = self.functions(&mut types, &mut indices)?;
        let mut module = Module::new();
        module.section(&types.section).section(&imports).section(&functions);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: u64::from(self.layout.table_size),
            maximum: Some(u64::from(self.layout.table_size)),
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: u64::from(self.layout.pages()),
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        globals.global(
            GlobalType { val_type: ValType::I32, mutable: true, shared: false },
            &ConstExpr::i32_const(self.layout.stack_high.cast_signed()),
        );
        module.section(&tables).section(&memories).section(&globals);
        module.section(&self.exports(&indices)?).section(&self.elements(&indices)?);
        module.section(&code).section(&self.data()?);
        if self.names {
            module.section(&self.names(&indices));
        }
        Ok(module.finish())
    }

    fn functions(
        &self,
        types: &mut Types,
        indices: &mut Indices,
    ) -> Result<(ImportSection, FunctionSection, CodeSection)> {
        let mut imports = ImportSection::new();
        for &number in &self.reached.imports {
            let import = &self.symbols.imports[number];
            let kind = EntityType::Function(types.index(&import.signature)?);
            imports.import(import.module, import.name, kind);
        }
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for &number in &self.reached.missing {
            functions.function(types.index(&self.symbols.missing[number].signature)?);
            let mut trap = Function::new([]);
            trap.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
            code.function(&trap);
        }
        functions.function(types.index(&FuncType::new([], []))?);
        let mut initialize = Function::new([]);
        for &id in &self.initialisers {
            initialize.instruction(&Instruction::Call(indices.of(Target::Defined(id))?));
        }
        initialize.instruction(&Instruction::End);
        code.function(&initialize);
        for &id in &self.reached.functions {
            let library = &self.libraries[id.library];
            functions.function(types.index(library.function_type(id.index))?);
            let mut rewriting = Rewriting { emission: self, library: id.library, types, indices };
            code.raw(&rewriting.body(library.body(id.index))?);
        }
        Ok((imports, functions, code))
    }

    fn exports(&self, indices: &Indices) -> Result<ExportSection> {
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        exports.export("_initialize", ExportKind::Func, indices.initialize);
        for &(name, id) in &self.exports {
            exports.export(name, ExportKind::Func, indices.of(Target::Defined(id))?);
        }
        Ok(exports)
    }

    fn elements(&self, indices: &Indices) -> Result<ElementSection> {
        let mut section = ElementSection::new();
        for (place, targets) in self.layout.table(self.libraries, self.symbols)? {
            let functions =
                targets.iter().map(|&target| indices.of(target)).collect::<Result<Vec<_>>>()?;
            let place = ConstExpr::i32_const(place.cast_signed());
            section.active(None, &place, Elements::Functions(functions.into()));
        }
        Ok(section)
    }

    fn data(&self) -> Result<DataSection> {
        let mut section = DataSection::new();
        for (number, library) in self.libraries.iter().enumerate() {
            let image = Image::of(library, self.layout, number)?;
            if !image.bytes.is_empty() {
                section.active(0, &ConstExpr::i32_const(image.base.cast_signed()), image.bytes);
            }
        }
        Ok(section)
    }

    fn names(&self, indices: &Indices) -> NameSection {
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        for (numbers, outside, map) in [
            (&self.reached.imports, &self.symbols.imports, &indices.imports),
            (&self.reached.missing, &self.symbols.missing, &indices.missing),
        ] {
            for number in numbers {
                let function = &outside[*number];
                names.insert(map[number], format!("{} {}", function.module, function.name));
            }
        }
        names.insert(indices.initialize, "_initialize".to_owned());
        for (id, &index) in &indices.defined {
            if let Some(name) = self.libraries[id.library].function_names.get(&id.index) {
                names.insert(index, (*name).to_owned());
            }
        }
        let mut map = NameMap::new();
        for (index, name) in &names {
            map.append(*index, name);
        }
        let mut section = NameSection::new();
        section.functions(&map);
        section
    }
}

/// The program's function indices: imports, missing functions, `_initialize`, the libraries'.
struct Indices {
    imports: HashMap<usize, u32>,
    missing: HashMap<usize, u32>,
    initialize: u32,
    defined: HashMap<FunctionId, u32>,
}

impl Indices {
    fn new(emission: &Emission) -> Result<Indices> {
        let mut next = 0..u32::MAX;
        let mut take = || next.next().context("there are too many functions");
        let reached = emission.reached;
        let mut imports = HashMap::new();
        for &number in &reached.imports {
            imports.insert(number, take()?);
        }
        let mut missing = HashMap::new();
        for &number in &reached.missing {
            missing.insert(number, take()?);
        }
        let initialize = take()?;
        let mut defined = HashMap::new();
        for &id in &reached.functions {
            defined.insert(id, take()?);
        }
        Ok(Indices { imports, missing, initialize, defined })
    }

    fn of(&self, target: Target) -> Result<u32> {
        let index = match target {
            Target::Defined(id) => self.defined.get(&id),
            Target::Imported(number) => self.imports.get(&number),
            Target::Missing(number) => self.missing.get(&number),
        };
        index.copied().context("a function was left out that is needed")
    }
}

/// Each signature once.
#[derive(Default)]
struct Types {
    section: TypeSection,
    known: HashMap<FuncType, u32>,
}

impl Types {
    fn index(&mut self, signature: &FuncType) -> Result<u32> {
        if let Some(&index) = self.known.get(signature) {
            return Ok(index);
        }
        let index = self.section.len();
        let function = RoundtripReencoder.func_type(signature.clone());
        let function = function.map_err(|error| anyhow::anyhow!("{error}"))?;
        self.section.ty().func_type(&function);
        self.known.insert(signature.clone(), index);
        Ok(index)
    }
}

/// Code that adds to the stack pointer.
fn move_stack(code: &mut Vec<u8>, by: i32) {
    Instruction::GlobalGet(STACK_POINTER).encode(code);
    Instruction::I32Const(by).encode(code);
    Instruction::I32Add.encode(code);
    Instruction::GlobalSet(STACK_POINTER).encode(code);
}

/// The rewriting of the code of one library.
struct Rewriting<'a, 'b, 'c> {
    emission: &'c Emission<'a, 'b>,
    library: usize,
    types: &'c mut Types,
    indices: &'c Indices,
}

impl Rewriting<'_, '_, '_> {
    /// The body with the program's indices and larger frames; all other bytes stay as they are.
    fn body(&mut self, body: &FunctionBody) -> Result<Vec<u8>> {
        let bytes = body.as_bytes();
        let start = usize::try_from(body.range().start)?;
        let mut operators = Vec::new();
        let mut ends = Vec::new();
        let mut reader = body.get_operators_reader()?;
        let mut at = usize::try_from(reader.original_position())? - start;
        while !reader.eof() {
            operators.push(reader.read()?);
            ends.push(usize::try_from(reader.original_position())? - start);
        }
        let mut locals = 0;
        for declared in body.get_locals_reader()? {
            locals += declared?.0;
        }
        let room = self.emission.frame_room.of(locals).cast_signed();
        let is_stack_pointer = |global| matches!(self.value(global), Ok(Value::StackPointer));
        let frame = frame(&operators, is_stack_pointer, self.watches(&operators));
        let mut written = Vec::with_capacity(bytes.len() + 16);
        let mut copied = 0;
        if let Frame::New(_) = frame {
            written.extend_from_slice(&bytes[..at]);
            move_stack(&mut written, -room);
            copied = at;
        }
        for (number, operator) in operators.iter().enumerate() {
            if number == 2 && matches!(frame, Frame::Restored) {
                written.extend_from_slice(&bytes[copied..at]);
                copied = at;
                move_stack(&mut written, -room);
            }
            let last = number + 1 == operators.len();
            let replaced = match (operator, &frame) {
                (Operator::I32Const { value }, Frame::Enlarged(sizes))
                    if sizes.contains(&number) =>
                {
                    Some(Instruction::I32Const(value + room))
                }
                _ => self.instruction(operator)?,
            };
            let leaves = matches!(&frame, Frame::New(returns) if last || returns.contains(&number));
            if leaves || replaced.is_some() {
                written.extend_from_slice(&bytes[copied..at]);
                copied = at;
            }
            if leaves {
                move_stack(&mut written, room);
            }
            if let Some(instruction) = replaced {
                instruction.encode(&mut written);
                copied = ends[number];
            }
            at = ends[number];
        }
        written.extend_from_slice(&bytes[copied..]);
        Ok(written)
    }

    /// Whether the function calls one whose callers get a frame.
    fn watches(&self, operators: &[Operator]) -> bool {
        operators.iter().any(|operator| match operator {
            Operator::Call { function_index } => {
                let target = self.emission.symbols.target(self.library, *function_index);
                self.emission.watches.iter().any(|&id| target == Target::Defined(id))
            }
            _ => false,
        })
    }

    /// What stands for `operator`, if it names something by an index.
    fn instruction(&mut self, operator: &Operator) -> Result<Option<Instruction<'static>>> {
        Ok(Some(match *operator {
            Operator::Call { function_index } => Instruction::Call(self.function(function_index)?),
            Operator::RefFunc { function_index } => {
                Instruction::RefFunc(self.function(function_index)?)
            }
            Operator::CallIndirect { type_index, table_index: 0 } => {
                Instruction::CallIndirect { type_index: self.kind(type_index)?, table_index: 0 }
            }
            Operator::GlobalGet { global_index } => match self.value(global_index)? {
                Value::Constant(value) => Instruction::I32Const(value.cast_signed()),
                Value::StackPointer => Instruction::GlobalGet(STACK_POINTER),
            },
            Operator::GlobalSet { global_index } => match self.value(global_index)? {
                Value::Constant(_) => bail!("it changes an address"),
                Value::StackPointer => Instruction::GlobalSet(STACK_POINTER),
            },
            Operator::Block { blockty: BlockType::FuncType(index) } => {
                Instruction::Block(wasm_encoder::BlockType::FunctionType(self.kind(index)?))
            }
            Operator::Loop { blockty: BlockType::FuncType(index) } => {
                Instruction::Loop(wasm_encoder::BlockType::FunctionType(self.kind(index)?))
            }
            Operator::If { blockty: BlockType::FuncType(index) } => {
                Instruction::If(wasm_encoder::BlockType::FunctionType(self.kind(index)?))
            }
            Operator::MemoryInit { .. }
            | Operator::DataDrop { .. }
            | Operator::TableInit { .. }
            | Operator::ElemDrop { .. }
            | Operator::TableGet { .. }
            | Operator::TableSet { .. }
            | Operator::TableGrow { .. }
            | Operator::TableSize { .. }
            | Operator::TableFill { .. }
            | Operator::TableCopy { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::Throw { .. }
            | Operator::TryTable { .. }
            | Operator::CallIndirect { .. } => bail!("its code uses {operator:?}"),
            _ => return Ok(None),
        }))
    }

    fn function(&self, index: u32) -> Result<u32> {
        self.indices.of(self.emission.symbols.target(self.library, index))
    }

    fn kind(&mut self, index: u32) -> Result<u32> {
        let library = &self.emission.libraries[self.library];
        let signature = library.types.get(index as usize).context("its code names no type")?;
        self.types.index(signature)
    }

    fn value(&self, global: u32) -> Result<Value> {
        let values = &self.emission.layout.values[self.library];
        values.get(global as usize).copied().context("its code names no variable")
    }
}
