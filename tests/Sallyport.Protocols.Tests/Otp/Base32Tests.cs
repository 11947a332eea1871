using System.Text;
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
    public void A_key_is_read_as_people_write_it(string text)
    {
        Decoded(text).ShouldBe("foobar"u8.ToArray());
    }

    [Fact]
    public void Every_symbol_stands_for_its_five_bits_in_either_case()
    {
        for (var value = 0; value < Symbols.Length; value++)
        {
            // Eight times the same symbol: the first byte begins with its five bits.
            var text = new string(Symbols[value], 8);

            Decoded(text)[0].ShouldBe((byte)((value << 3) | (value >> 2)));
            Decoded(text.ToLowerInvariant()).ShouldBe(Decoded(text));
        }
    }

    [Fact]
    public void No_character_but_the_alphabet_separators_and_padding_is_tolerated()
    {
        const string Tolerated = Symbols + "abcdefghijklmnopqrstuvwxyz" + " -";

        // "=" is padding only at the end, so inside a key it is not tolerated either.
        for (int c = char.MinValue; c <= char.MaxValue; c++)
        {
            var accepted = Base32.TryDecode($"MZXW6{(char)c}YTB", out _) || Base32.TryDecode($"MZXW6{(char)c}YT", out _);

            accepted.ShouldBe(Tolerated.Contains((char)c), $"U+{c:X4}");
        }
    }

    [Theory]
    [InlineData("M")]
    [InlineData("MZX")]
    [InlineData("MZXW6Y")]
    [InlineData("A")]
    [InlineData("AAA")]
    [InlineData("AAAAAA")]
    [InlineData("AAAAAAAAA")]
    public void An_impossible_length_is_refused(string text)
    {
        ShouldBeRefused(text);
    }

    [Theory]
    [InlineData("MZ")]
    [InlineData("MZXR")]
    [InlineData("MZXW7")]
    [InlineData("MZXW6YR")]
    [InlineData("AB")]
    [InlineData("AAAB")]
    [InlineData("AAAAB")]
    [InlineData("AAAAAAB")]
    [InlineData("AC")]
    [InlineData("AAAI")]
    public void A_key_with_bits_left_over_is_refused(string text)
    {
        ShouldBeRefused(text);
    }

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
    public void Padding_is_whole_and_at_the_end_or_refused(string text)
    {
        ShouldBeRefused(text);
    }

    [Fact]
    public void Any_bytes_survive_being_encoded_and_decoded()
    {
        for (ulong seed = 0; seed < 500; seed++)
        {
            var generator = new Generator(seed);
            var bytes = generator.Bytes(generator.Next(0, 80));

            var text = Base32.Encode(bytes);

            text.ShouldAllBe(symbol => Symbols.Contains(symbol), $"seed {seed}");
            Decoded(Disguised(text, generator)).ShouldBe(bytes, $"seed {seed}");
        }
    }

    [Fact]
    public void Any_text_is_refused_or_is_one_way_to_write_its_bytes()
    {
        var accepted = 0;
        for (ulong seed = 0; seed < 5000; seed++)
        {
            var generator = new Generator(seed);
            var text = generator.Text(generator.Next(0, 12), "AQaq27 -=018");

            if (Base32.TryDecode(text, out var bytes))
            {
                accepted++;
                var symbols = text.Replace(" ", "").Replace("-", "").TrimEnd('=').ToUpperInvariant();
                Base32.Encode(bytes).ShouldBe(symbols, $"seed {seed}");
            }
        }

        accepted.ShouldBeInRange(100, 4900);
    }

    [Fact]
    public void A_megabyte_of_anything_is_answered()
    {
        const int Megabyte = 1 << 20;

        Decoded(new string('A', Megabyte)).Length.ShouldBe(Megabyte * 5 / 8);
        Decoded(new string(' ', Megabyte)).ShouldBeEmpty();
        ShouldBeRefused(new string('=', Megabyte));
        ShouldBeRefused(new string('\0', Megabyte));
    }

    private static string Disguised(string text, Generator generator)
    {
        var disguised = new StringBuilder();
        foreach (var symbol in text)
        {
            disguised.Append(generator.Pick(["", "", " ", "-"]));
            disguised.Append(generator.NextBool() ? char.ToLowerInvariant(symbol) : symbol);
        }

        return disguised.ToString();
    }

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
