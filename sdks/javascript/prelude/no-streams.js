// Takes the place of the streams where nothing in an app's code names what could
// reach one: they are a good part of the interfaces' size.
class Absent {
  constructor() {
    throw new TypeError("streams were left out of this component, because its code names nothing that needs them");
  }
  static from() {
    return new this();
  }
}
export {
  Absent as ByteLengthQueuingStrategy,
  Absent as CountQueuingStrategy,
  Absent as ReadableByteStreamController,
  Absent as ReadableStream,
  Absent as ReadableStreamBYOBReader,
  Absent as ReadableStreamBYOBRequest,
  Absent as ReadableStreamDefaultController,
  Absent as ReadableStreamDefaultReader,
  Absent as TransformStream,
  Absent as TransformStreamDefaultController,
  Absent as WritableStream,
  Absent as WritableStreamDefaultController,
  Absent as WritableStreamDefaultWriter,
};
