using System.Buffers.Text;
using System.Text.Json;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Factors;
using Sallyport.Server.Users;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>A method that is to be created, checked and in one spelling.</summary>
internal sealed record NewAuthenticationMethod(string Type)
{
    public string? Name { get; init; }

    /// <summary>In clear.</summary>
    public byte[]? TotpSecret { get; init; }

    public string? PhoneNumber { get; init; }

    public string? Email { get; init; }

    public string? PreferredMethod { get; init; }

    public string? KeyId { get; init; }

    public WebAuthnCredentialV1? Credential { get; init; }

    public string? CredentialText =>
        Credential is null ? null : JsonSerializer.Serialize(Credential, MethodJson.Default.WebAuthnCredentialV1);

    public static NewAuthenticationMethod Of(CreateAuthenticationMethodRequest request) => Of(request.Type, request) with
    {
        KeyId = request.KeyId is null ? null : Base64Url.EncodeToString(BinaryTextAttribute.TryDecode(request.KeyId)),
        Credential = request.PublicKey is null ? null : CredentialOf(request),
    };

    public static NewAuthenticationMethod Of(SetAuthenticationMethodRequest request) => Of(request.Type, request);

    public override string ToString() => $"{Type} ***";

    private static NewAuthenticationMethod Of(string type, AuthenticationMethodProperties request) => new(type)
    {
        Name = request.Name,
        TotpSecret = Secret(request.TotpSecret),
        PhoneNumber = request.PhoneNumber,
        Email = UserRules.NormalizeEmail(request.Email),
        PreferredMethod = Preferred(type, request.PreferredMethod),
    };

    private static byte[]? Secret(string? text) => text is not null && Base32.TryDecode(text, out var secret) ? secret : null;

    private static string? Preferred(string type, string? preferred) => type == MethodTypes.Phone ? preferred ?? MethodTypes.Sms : null;

    private static WebAuthnCredentialV1 CredentialOf(CreateAuthenticationMethodRequest request) => new(request.PublicKey!)
    {
        RelyingPartyIdentifier = request.RelyingPartyIdentifier,
        Aaguid = request.Aaguid,
        DeviceType = request.CredentialDeviceType,
        BackedUp = request.CredentialBackedUp,
        IdentityUserId = request.IdentityUserId,
        UserAgent = request.UserAgent,
        UserHandle = request.UserHandle,
        Transports = request.Transports,
    };
}
