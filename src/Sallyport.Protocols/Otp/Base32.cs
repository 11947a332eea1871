namespace Sallyport.Protocols.Otp;

/// <summary>RFC 4648 section 6.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsPerSymbol = 5;
    private const int BitsPerByte = 8;
    private const int SymbolsPerGroup = 8;
    private const int SymbolMask = (1 << BitsPerSymbol) - 1;

    /// <summary>Upper case without padding, which is what authenticator apps expect (RFC 4648 section 3.2 allows it).</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var length = ((bytes.Length * BitsPerByte) + BitsPerSymbol - 1) / BitsPerSymbol;

        return string.Create(length, bytes, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                // The bits of a symbol lie within two bytes; after the last byte there are zeros (RFC 4648 section 6).
                var (index, skipped) = Math.DivRem(i * BitsPerSymbol, BitsPerByte);
                var next = index + 1 < bytes.Length ? bytes[index + 1] : 0;
                var pair = (bytes[index] << BitsPerByte) | next;

                // Stryker disable once Bitwise : two bytes are never negative, so >>> is the same as >>
                var symbol = pair >> ((2 * BitsPerByte) - BitsPerSymbol - skipped);
                text[i] = Alphabet[symbol & SymbolMask];
            }
        });
    }

    /// <summary>
    /// Reads a key as people type and copy it: either case, grouped by spaces or dashes, with the whole padding or none.
    /// Anything else is refused, so that no two keys that differ in their symbols are the same bytes.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!TryCount(text, out var symbols))
        {
            return false;
        }

        var decoded = new byte[(long)symbols * BitsPerSymbol / BitsPerByte];
        var (buffer, bits, written) = (0, 0, 0);
        foreach (var symbol in text)
        {
            var value = ValueOf(symbol);
            if (value < 0)
            {
                continue;
            }

            buffer = (buffer << BitsPerSymbol) | value;
            bits += BitsPerSymbol;
            if (bits >= BitsPerByte)
            {
                bits -= BitsPerByte;

                // Stryker disable once Bitwise : the cast drops the bits in which >>> differs from >>
                decoded[written++] = (byte)(buffer >> bits);
            }
        }

        if (!IsWhole(bits, buffer))
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    /// <summary>RFC 4648 section 3.3: one character out of place refuses the whole text.</summary>
    private static bool TryCount(ReadOnlySpan<char> text, out int symbols)
    {
        symbols = 0;
        var padding = 0;
        foreach (var character in text)
        {
            if (character is '=')
            {
                padding++;
            }
            else if (character is not (' ' or '-'))
            {
                if (padding > 0 || ValueOf(character) < 0)
                {
                    return false;
                }

                symbols++;
            }
        }

        return IsPadded(symbols, padding);
    }

    /// <summary>RFC 4648 section 6: a last group of 1, 3 or 6 symbols does not exist; section 3.5: unused bits are zero.</summary>
    private static bool IsWhole(int unusedBits, int buffer)
        => unusedBits < BitsPerSymbol && (buffer & ((1 << unusedBits) - 1)) == 0;

    private static bool IsPadded(int symbols, int padding)
        => padding == 0 || padding == (SymbolsPerGroup - (symbols % SymbolsPerGroup)) % SymbolsPerGroup;

    private static int ValueOf(char symbol) => symbol switch
    {
        >= 'A' and <= 'Z' => symbol - 'A',
        >= 'a' and <= 'z' => symbol - 'a',
        >= '2' and <= '7' => symbol - '2' + 26,
        _ => -1,
    };
}
