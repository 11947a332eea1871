using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sallyport.Server.Users.Search;

/// <summary>
/// What metadata say, as hashes: one for each value with its path, and one for each path that has a value. A hash has one length,
/// however long a value is, and two engines compare it alike. Searches on metadata ask for whole values, so hashes are enough.
/// </summary>
internal static class MetadataTerms
{
    public const string App = "app_metadata";
    public const string User = "user_metadata";

    /// <summary>What lies beyond is stored and shown, but not found.</summary>
    public const int MaxTerms = 1000;

    /// <summary>Of a path, in UTF-16 code units. A longer one is not found either: hashing it for each value would cost too much.</summary>
    private const int MaxPath = 500;

    private const int Length = 16;

    private enum Kind : byte
    {
        Path,
        Text,
        Number,
        Truth,
    }

    public static IReadOnlyCollection<byte[]> Of(User user)
    {
        if (user is { AppMetadata: null, UserMetadata: null })
        {
            return [];
        }

        var terms = new Dictionary<UInt128, byte[]>();
        Add(terms, App, user.AppMetadata);
        Add(terms, User, user.UserMetadata);
        return terms.Values;
    }

    /// <summary>The path has a value, or something below it has.</summary>
    public static byte[] Exists(string path) => Hash(path, Kind.Path, "");

    /// <summary>Every kind of value that a word may stand for: <c>13</c> is a number, and a text.</summary>
    public static IEnumerable<byte[]> Matching(string path, string word)
    {
        yield return Hash(path, Kind.Text, word);
        if (word is "true" or "false")
        {
            yield return Hash(path, Kind.Truth, word);
        }
        else if (CanonicalNumber(word) is { } number)
        {
            yield return Hash(path, Kind.Number, number);
        }
    }

    private static void Add(Dictionary<UInt128, byte[]> terms, string path, JsonElement? metadata)
    {
        if (metadata is { } value)
        {
            Walk(terms, path, value);
        }
    }

    /// <summary>The items of an array have the path of the array.</summary>
    /// <returns>Whether there is a value: null, an empty array and an empty object are none.</returns>
    private static bool Walk(Dictionary<UInt128, byte[]> terms, string path, JsonElement value)
    {
        var hasValue = false;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when terms.Count >= MaxTerms:
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().Where(member => path.Length + member.Name.Length < MaxPath))
                {
                    hasValue |= Walk(terms, $"{path}.{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    hasValue |= Walk(terms, path, item);
                }

                break;
            case JsonValueKind.String:
                hasValue = Add(terms, Hash(path, Kind.Text, value.GetString()!));
                break;
            case JsonValueKind.Number:
                hasValue = Add(terms, Hash(path, Kind.Number, CanonicalNumber(value.GetRawText()) ?? value.GetRawText()));
                break;
            case JsonValueKind.True or JsonValueKind.False:
                hasValue = Add(terms, Hash(path, Kind.Truth, value.GetRawText()));
                break;
        }

        return hasValue && Add(terms, Exists(path));
    }

    private static bool Add(Dictionary<UInt128, byte[]> terms, byte[] term)
    {
        if (terms.Count < MaxTerms)
        {
            terms.TryAdd(BinaryPrimitives.ReadUInt128BigEndian(term), term);
        }

        return true;
    }

    /// <summary>One spelling for 13, 13.0 and 1.3e1. Whole numbers are exact as far as a <see cref="long"/> reaches.</summary>
    private static string? CanonicalNumber(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return null;
        }

        return double.IsInteger(number) && Math.Abs(number) < long.MaxValue
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }

    private static byte[] Hash(string path, Kind kind, string value)
    {
        // The kind stands where no path and no value can imitate it.
        var text = Encoding.UTF8.GetBytes($"{(char)kind}{path.Length}:{path}{value}");
        return SHA256.HashData(text)[..Length];
    }
}
