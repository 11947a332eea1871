using System.Security.Cryptography;

namespace Sallyport.Server.Security;

/// <summary>Ids and one-time secrets from the system's random generator.</summary>
internal static class Tokens
{
    private const string AlphaNumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string UpperAlphaNumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const string LowerHex = "0123456789abcdef";

    /// <summary>About 5.95 bits for each character.</summary>
    public static string NewAlphaNumeric(int length) => RandomNumberGenerator.GetString(AlphaNumeric, length);

    /// <summary>About 5.17 bits for each character.</summary>
    public static string NewUpperAlphaNumeric(int length) => RandomNumberGenerator.GetString(UpperAlphaNumeric, length);

    public static string NewHex(int length) => RandomNumberGenerator.GetString(LowerHex, length);
}
