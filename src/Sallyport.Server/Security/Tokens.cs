using System.Security.Cryptography;

namespace Sallyport.Server.Security;

/// <summary>Ids and one-time secrets from the system's random generator.</summary>
internal static class Tokens
{
    private const string AlphaNumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Without 0 and O, 1 and I: a person copies it by hand.</summary>
    private const string Legible = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const string LowerHex = "0123456789abcdef";

    /// <summary>About 5.95 bits for each character.</summary>
    public static string NewAlphaNumeric(int length) => RandomNumberGenerator.GetString(AlphaNumeric, length);

    /// <summary>Upper-case letters and digits that cannot be mistaken for each other, 5 bits for each character.</summary>
    public static string NewLegible(int length) => RandomNumberGenerator.GetString(Legible, length);

    public static string NewHex(int length) => RandomNumberGenerator.GetString(LowerHex, length);
}
