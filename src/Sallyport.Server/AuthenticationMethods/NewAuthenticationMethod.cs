using System.Buffers.Text;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Factors;
using Sallyport.Server.Users;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>A method that is to be created, checked and in canonical spelling.</summary>
internal sealed record NewAuthenticationMethod(string Type, string? Name, AuthenticatorDetails Details)
{
    public static NewAuthenticationMethod Of(CreateAuthenticationMethodRequest request) =>
        new(request.Type, request.Name, DetailsOf(request.Type, request) with
        {
            KeyId = request.KeyId is null ? null : Base64Url.EncodeToString(BinaryTextAttribute.TryDecode(request.KeyId)),
            Credential = request.PublicKey is null ? null : CredentialOf(request),
        });

    public static NewAuthenticationMethod Of(SetAuthenticationMethodRequest request) =>
        new(request.Type, request.Name, DetailsOf(request.Type, request));

    public override string ToString() => $"{Type} ***";

    private static AuthenticatorDetails DetailsOf(string type, AuthenticationMethodProperties request) => new()
    {
        TotpSecret = request.TotpSecret is { } text && Base32.TryDecode(text, out var secret) ? secret : null,
        PhoneNumber = request.PhoneNumber,
        PreferredMethod = type == MethodTypes.Phone ? request.PreferredMethod ?? MethodTypes.Sms : null,
        Email = UserRules.NormalizeEmail(request.Email),
    };

    private static WebAuthnCredential CredentialOf(CreateAuthenticationMethodRequest request) => new(request.PublicKey!)
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
