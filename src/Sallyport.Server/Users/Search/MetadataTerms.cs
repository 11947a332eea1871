using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sallyport.Server.Users.Search;

/// <summary>
/// The metadata of a user as hashes: one for each value with its path, and one for each path that has a value. Hashes have a fixed length
/// and are compared in the same way by both engines. They are enough, because searches on metadata match whole values only.
/// </summary>
internal static class MetadataTerms
{
    public const string App = "app_metadata";
    public const string User = "user_metadata";

    /// <summary>More metadata is stored and shown, but cannot be searched.</summary>
    public const int MaxTerms = 1000;

    /// <summary>UTF-16 code units of a path. A longer one cannot be searched: hashing it for each value would cost too much.</summary>
    private const int MaxPath = 500;

    private const int Length = 16;

    private enum Kind : byte
    {
        Path,
        Text,
        Number,
        Boolean,
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

    /// <summary>The term of a path that has a value, or has one below it.</summary>
    public static byte[] Exists(string path) => Hash(path, Kind.Path, "");

    /// <summary>The terms of all values that a word can mean: <c>13</c> is a number and a text.</summary>
    public static IEnumerable<byte[]> Matching(string path, string word)
    {
        yield return Hash(path, Kind.Text, word);
        if (word is "true" or "false")
        {
            yield return Hash(path, Kind.Boolean, word);
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
    /// <returns>Whether there is a value. Null, an empty array and an empty object are not values.</returns>
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
                hasValue = Add(terms, Hash(path, Kind.Boolean, value.GetRawText()));
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

    /// <summary>The same text for 13, 13.0 and 1.3e1. Whole numbers are exact in the range of <see cref="long"/>.</summary>
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
        // The kind comes first, so that no path or value can imitate it.
        var text = Encoding.UTF8.GetBytes($"{(char)kind}{path.Length}:{path}{value}");
        return SHA256.HashData(text)[..Length];
    }
}
