'use strict';

/** Reads the data frames (RFC 6455 section 5.2) of one direction of a websocket; unfragmented, uncompressed. */
class FrameReader {
  #rest = Buffer.alloc(0);
  #onFrame;

  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  push(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#readOne());
  }

  #readOne() {
    const bytes = this.#rest;
    if (bytes.length < 2) return false;

    const masked = (bytes[1] & 0x80) !== 0;
    let length = bytes[1] & 0x7f;
    let at = 2;
    if (length === 126) {
      if (bytes.length < 4) return false;
      length = bytes.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      throw new Error('no scenario sends a frame of this size');
    }
    const body = at + (masked ? 4 : 0);
    if (bytes.length < body + length) return false;

    const payload = Buffer.from(bytes.subarray(body, body + length));
    if (masked) payload.forEach((byte, i) => (payload[i] = byte ^ bytes[at + (i % 4)]));
    this.#rest = bytes.subarray(body + length);
    this.#onFrame(bytes[0] & 0x0f, payload);
    return true;
  }
}

module.exports = { FrameReader };
