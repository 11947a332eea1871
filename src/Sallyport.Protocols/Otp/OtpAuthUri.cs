using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Otp;

/// <summary>The otpauth URI that authenticator apps read from a QR code ("Key Uri Format" of Google Authenticator).</summary>
/// <remarks>The widget composes its label by the same rules, in <c>wwwroot/js/mfa-widget/modules/otpauth.js</c>.</remarks>
public static class OtpAuthUri
{
    /// <summary>
    /// Bytes of a QR code of version 15 at error correction level M (ISO/IEC 18004 table 7). Phones read denser codes from a screen only in
    /// good light.
    /// </summary>
    public const int MaxLength = 412;

    private const string Start = "otpauth://totp/";
    private const string IssuerParameter = "&issuer=";

    /// <summary>
    /// Composes the URI. Issuer and account may be hostile: all but the unreserved characters of RFC 3986 section 2.3 are percent-encoded as
    /// UTF-8, a lone surrogate as U+FFFD. A colon separates the two in the label, also in its encoded form, so colons in them become
    /// spaces. Both are shortened by whole characters (Unicode text segments) where the URI would be longer than <see cref="MaxLength"/>.
    /// </summary>
    /// <param name="issuer">The name of the service, of any length; if it is empty, there is no issuer.</param>
    /// <param name="account">The name of the user at the service, of any length; if it is empty, the label is the issuer alone.</param>
    /// <param name="secret">The key, not encoded.</param>
    /// <param name="parameters">Algorithm, digits and period of the codes.</param>
    /// <returns>ASCII. It contains the secret and has to be kept like one.</returns>
    /// <exception cref="InvalidOperationException">The parameters are <c>default</c>.</exception>
    public static string ForTotp(string issuer, string account, ReadOnlySpan<byte> secret, TotpParameters parameters)
    {
        parameters.RequireSet();
        var keyPart = "?secret=" + Base32.Encode(secret);
        var parameterPart = string.Create(
            CultureInfo.InvariantCulture,
            $"&algorithm={NameOf(parameters.Algorithm)}&digits={parameters.Digits}&period={parameters.Period.TotalSeconds}");
        var room = MaxLength - Start.Length - ":".Length - keyPart.Length - IssuerParameter.Length - parameterPart.Length;
        var (issuerPart, accountPart) = Shorten(Clean(issuer), Clean(account), room);
        var label = string.Join(':', new[] { issuerPart, accountPart }.Where(part => part.Length > 0));
        return Start + label + keyPart + (issuerPart.Length > 0 ? IssuerParameter + issuerPart : "") + parameterPart;
    }

    /// <summary>The URI contains the issuer twice. Each long name may use a third of the room, and the room that one does not need goes to the other.</summary>
    private static (string Issuer, string Account) Shorten(string issuer, string account, int room)
    {
        var issuerPart = Encode(issuer, Math.Max(room / 3, (room - Uri.EscapeDataString(account).Length) / 2));
        return (issuerPart, Encode(account, room - (2 * issuerPart.Length)));
    }

    /// <summary>Encodes as many whole characters from the start as fit.</summary>
    private static string Encode(string text, int maxLength)
    {
        var encoded = new StringBuilder();
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var length = StringInfo.GetNextTextElementLength(rest);
            var next = Uri.EscapeDataString(rest[..length]);
            if (encoded.Length + next.Length > maxLength)
            {
                break;
            }

            encoded.Append(next);
            rest = rest[length..];
        }

        return encoded.ToString();
    }

    private static string Clean(string text) =>
        text.Contains(':', StringComparison.Ordinal) ? string.Join(' ', text.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries)) : text;

    private static string NameOf(OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => "SHA1",
        OtpAlgorithm.Sha256 => "SHA256",
        OtpAlgorithm.Sha512 => "SHA512",
    };
}
