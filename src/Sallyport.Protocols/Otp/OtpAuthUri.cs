using System.Globalization;

namespace Sallyport.Protocols.Otp;

/// <summary>The otpauth URI that authenticator apps read from a QR code ("Key Uri Format" of Google Authenticator).</summary>
public static class OtpAuthUri
{
    /// <summary>
    /// Issuer and account are what people chose to be called and may be hostile. Everything outside RFC 3986 section 2.3 is
    /// percent-encoded as UTF-8; half a surrogate pair becomes U+FFFD. The result contains the secret: it is to be kept like one.
    /// </summary>
    public static string ForTotp(string issuer, string account, ReadOnlySpan<byte> secret, TotpParameters parameters)
    {
        parameters.RequireSet();
        var issuerPart = Uri.EscapeDataString(issuer);
        var accountPart = Uri.EscapeDataString(account);
        var digits = parameters.Digits.ToString(CultureInfo.InvariantCulture);
        var period = parameters.Period.TotalSeconds.ToString(CultureInfo.InvariantCulture);

        return $"otpauth://totp/{issuerPart}:{accountPart}?secret={Base32.Encode(secret)}&issuer={issuerPart}"
            + $"&algorithm={NameOf(parameters.Algorithm)}&digits={digits}&period={period}";
    }

    private static string NameOf(OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => "SHA1",
        OtpAlgorithm.Sha256 => "SHA256",
        OtpAlgorithm.Sha512 => "SHA512",
    };
}
