namespace Sallyport.Server.Factors;

/// <summary>Addresses and numbers in part, so that their owner recognises them and nobody else learns them (docs/management-api.md §E.5).</summary>
internal static class Masking
{
    private const int Shown = 4;
    private const string DomainMask = "*******";

    /// <summary>Shows the last digits, and never more than half of them.</summary>
    public static string? PhoneNumber(string? number)
    {
        if (number is null)
        {
            return null;
        }

        var shown = Math.Min(Shown, number.Length / 2);
        return new string('X', number.Length - shown) + number[^shown..];
    }

    /// <summary>Shows the beginning of the local part and of the domain if they are longer than that.</summary>
    public static string? Email(string? address)
    {
        if (address is null)
        {
            return null;
        }

        var at = address.LastIndexOf('@');
        return $"{Beginning(address[..at])}****@{Beginning(address[(at + 1)..])}{DomainMask}";
    }

    private static string Beginning(string text)
    {
        if (text.Length <= Shown)
        {
            return "";
        }

        return char.IsHighSurrogate(text[Shown - 1]) ? text[..(Shown - 1)] : text[..Shown];
    }
}
