using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Sallyport.Server.Factors.Push.Providers;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The certificate for push messages to Apple devices if the provider is <c>direct</c>.</summary>
public sealed record ApnsProvider : ICheckedBody
{
    private const int MaxP12Length = 10_000;

    /// <summary>It becomes a header.</summary>
    [JsonPropertyName("bundle_id"), NullableOnWire, StringLength(1000, MinimumLength = 1), RegularExpression("^[\\x21-\\x7E]*$")]
    public string? BundleId { get; init; }

    [JsonPropertyName("sandbox")]
    public bool? Sandbox { get; init; }

    /// <summary>Ours: the id of the key in <c>p8</c>.</summary>
    [JsonPropertyName("key_id"), NullableOnWire, StringLength(20, MinimumLength = 1)]
    public string? KeyId { get; init; }

    /// <summary>Ours: the team that the key belongs to.</summary>
    [JsonPropertyName("team_id"), NullableOnWire, StringLength(20, MinimumLength = 1)]
    public string? TeamId { get; init; }

    /// <summary>Ours: a token key in PEM, in place of a certificate. It needs <c>key_id</c> and <c>team_id</c>.</summary>
    [JsonPropertyName("p8"), NullableOnWire, StringLength(2000, MinimumLength = 1), Secret(IsEchoed = false)]
    public string? P8 { get; init; }

    /// <summary>Base64 of a PKCS #12 file without a password.</summary>
    [JsonPropertyName("p12"), NullableOnWire, StringLength(MaxP12Length, MinimumLength = 1), Secret(IsEchoed = false)]
    public string? P12 { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        P12 is not null && !HoldsKey(P12)
            ? ApiError.BadRequest(
                "The PKCS #12 file is invalid: p12 must be base64, have no password, and hold a certificate with its private key",
                ErrorCodes.InvalidBody) with
            {
                Property = "p12",
            }
            : P8 is not null && ApnsTokens.FindKeyFault(P8) is { } fault ? ApiError.Payload(fault, "p8")
            : null;

    /// <summary>Opened as it will be for sending; the limits of the loader keep a hostile file from costing more than one.</summary>
    private static bool HoldsKey(string base64)
    {
        var file = new byte[MaxP12Length];
        if (!Convert.TryFromBase64String(base64, file, out var length))
        {
            return false;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadPkcs12(
                file.AsSpan(0, length), password: null, X509KeyStorageFlags.EphemeralKeySet, Pkcs12LoaderLimits.Defaults);
            return certificate.HasPrivateKey;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
