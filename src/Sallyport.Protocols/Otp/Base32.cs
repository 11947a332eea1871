namespace Sallyport.Protocols.Otp;

/// <summary>Base32 of RFC 4648 section 6, the form in which authenticator apps show and take keys.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsPerSymbol = 5;
    private const int BitsPerByte = 8;
    private const int SymbolsPerGroup = 8;
    private const int SymbolMask = (1 << BitsPerSymbol) - 1;

    /// <summary>Encodes bytes as upper case symbols without padding (RFC 4648 section 3.2), as authenticator apps expect.</summary>
    /// <param name="bytes">Any number of bytes; none give the empty text.</param>
    /// <returns>Eight symbols for each five bytes, rounded up.</returns>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var length = ((bytes.Length * BitsPerByte) + BitsPerSymbol - 1) / BitsPerSymbol;

        return string.Create(length, bytes, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                // The bits of a symbol lie within two bytes; after the last byte come zeros (RFC 4648 section 6).
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
    /// Decodes a key as people type and copy it: in either case, grouped by spaces or dashes, with all of its padding or none. Keys of any
    /// number of symbols are taken, because apps and services make them; bits that fill no byte are ignored.
    /// </summary>
    /// <param name="text">The key.</param>
    /// <param name="bytes">Five bytes for each eight symbols, rounded down; empty if the text is refused.</param>
    /// <returns>False if any other character is in the text, or padding that does not complete a group of eight.</returns>
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

        bytes = decoded;
        return true;
    }

    /// <summary>Counts the symbols. One character out of place refuses the whole text (RFC 4648 section 3.3).</summary>
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
