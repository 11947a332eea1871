using System.Text;
using CsCheck;
using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests.Otp;

public sealed class Base32Tests
{
    private const string Symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static TheoryData<string, string, string> PublishedRows()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var row in Vectors.Read<Row>("Otp/Vectors/rfc4648-section-10.json"))
        {
            data.Add(row.Source, row.Text, row.Base32);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PublishedRows))]
    public void A_published_text_is_encoded_without_its_padding(string source, string text, string base32)
    {
        Base32.Encode(Encoding.ASCII.GetBytes(text)).ShouldBe(base32.TrimEnd('='), source);
    }

    [Theory]
    [MemberData(nameof(PublishedRows))]
    public void A_published_text_is_decoded_with_and_without_its_padding(string source, string text, string base32)
    {
        Decoded(base32).ShouldBe(Encoding.ASCII.GetBytes(text), source);
        Decoded(base32.TrimEnd('=')).ShouldBe(Encoding.ASCII.GetBytes(text), source);
    }

    [Theory]
    [InlineData("mzxw6ytboi")]
    [InlineData("MzXw 6YtB oI")]
    [InlineData("MZXW-6YTB-OI")]
    [InlineData("  --MZXW6YTBOI--  ")]
    [InlineData("MZXW 6YTB OI== ====")]
    public void A_key_is_decoded_as_people_write_it(string text)
    {
        Decoded(text).ShouldBe("foobar"u8.ToArray());
    }

    [Fact]
    public void Every_symbol_has_its_five_bits_in_either_case()
    {
        for (var value = 0; value < Symbols.Length; value++)
        {
            // With eight equal symbols, the first byte begins with the five bits.
            var text = new string(Symbols[value], 8);

            Decoded(text)[0].ShouldBe((byte)((value << 3) | (value >> 2)));
            Decoded(text.ToLowerInvariant()).ShouldBe(Decoded(text));
        }
    }

    [Fact]
    public void Only_the_alphabet_separators_and_padding_are_accepted()
    {
        const string Accepted = Symbols + "abcdefghijklmnopqrstuvwxyz" + " -";

        // "=" is padding only at the end, so it is not accepted inside a key.
        for (int c = char.MinValue; c <= char.MaxValue; c++)
        {
            var accepted = Base32.TryDecode($"MZXW6{(char)c}YTB", out _) || Base32.TryDecode($"MZXW6{(char)c}YT", out _);

            accepted.ShouldBe(Accepted.Contains((char)c), $"U+{c:X4}");
        }
    }

    /// <summary>RFC 4648 section 6 never produces such keys, but services do.</summary>
    [Theory]
    [InlineData("M", "")]
    [InlineData("MZX", "66")]
    [InlineData("MZXW6Y", "666F6F")]
    [InlineData("MZ", "66")]
    [InlineData("MZXR", "666F")]
    [InlineData("MZXW6YR", "666F6F62")]
    [InlineData("AAAAAAAAB", "0000000000")]
    [InlineData("MZXW6YTBM", "666F6F6261")]
    [InlineData("MZXW6YTBM=======", "666F6F6261")]
    public void Bits_that_do_not_fill_a_byte_are_ignored(string text, string hex)
    {
        Convert.ToHexString(Decoded(text)).ShouldBe(hex);
    }

    [Fact]
    public void A_key_of_any_length_is_decoded_to_its_whole_bytes() =>
        Gen.String[Gen.Char[Symbols], 16, 120].Sample(key =>
        {
            var bytes = Decoded(key);

            bytes.Length.ShouldBe(key.Length * 5 / 8);
            var whole = bytes.Length * 8 / 5;
            Base32.Encode(bytes)[..whole].ShouldBe(key[..whole]);
        });

    [Theory]
    [InlineData("=")]
    [InlineData("========")]
    [InlineData("MY=")]
    [InlineData("MY=====")]
    [InlineData("MY=======")]
    [InlineData("MY==============")]
    [InlineData("MZXW6YTB=")]
    [InlineData("MZXW6YTB========")]
    [InlineData("MY======MY======")]
    [InlineData("=MZXW6YQ")]
    [InlineData("MZXW=6YQ")]
    public void Padding_that_is_incomplete_or_not_at_the_end_is_refused(string text)
    {
        ShouldBeRefused(text);
    }

    [Fact]
    public void Any_bytes_can_be_encoded_and_decoded() =>
        Gen.Byte.Array[0, 80].SelectMany(bytes => Disguised(Base32.Encode(bytes)), (bytes, text) => (bytes, text)).Sample(
            (bytes, text) =>
            {
                Base32.Encode(bytes).ShouldAllBe(symbol => Symbols.Contains(symbol));
                Decoded(text).ShouldBe(bytes);
            },
            iter: 500);

    [Fact]
    public void Any_text_is_refused_or_its_symbols_begin_with_those_of_its_bytes()
    {
        var accepted = 0;
        Gen.String[Gen.Char["AQaq27 -=018"], 0, 12].Sample(
            text =>
            {
                if (Base32.TryDecode(text, out var bytes))
                {
                    Interlocked.Increment(ref accepted);
                    var symbols = text.Replace(" ", "").Replace("-", "").TrimEnd('=').ToUpperInvariant();
                    bytes.Length.ShouldBe(symbols.Length * 5 / 8);
                    symbols.ShouldStartWith(Base32.Encode(bytes)[..(bytes.Length * 8 / 5)]);
                }
            },
            iter: 5000);

        accepted.ShouldBeInRange(100, 4900);
    }

    [Fact]
    public void A_megabyte_is_decoded_or_refused()
    {
        const int Megabyte = 1 << 20;

        Decoded(new string('A', Megabyte)).Length.ShouldBe(Megabyte * 5 / 8);
        Decoded(new string(' ', Megabyte)).ShouldBeEmpty();
        ShouldBeRefused(new string('=', Megabyte));
        ShouldBeRefused(new string('\0', Megabyte));
    }

    /// <summary>The key in mixed case, with separators between its symbols.</summary>
    private static Gen<string> Disguised(string key) =>
        Gen.Select(Gen.OneOf("", "", " ", "-"), Gen.Bool).Array[key.Length].Select(marks =>
            string.Concat(key.Zip(marks, (symbol, mark) => mark.Item1 + (mark.Item2 ? char.ToLowerInvariant(symbol) : symbol))));

    private static byte[] Decoded(string text)
    {
        Base32.TryDecode(text, out var bytes).ShouldBeTrue(text);

        return bytes;
    }

    private static void ShouldBeRefused(string text)
    {
        Base32.TryDecode(text, out var bytes).ShouldBeFalse();
        bytes.ShouldBeEmpty();
    }

    private sealed record Row(string Source, string Text, string Base32);
}
