using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>A user in a file to import, with the second factors that they have already.</summary>
public sealed record ImportRecord : UserProperties
{
    [JsonPropertyName("mfa_factors"), Length(1, 10)]
    public ImportFactor[]? Factors { get; init; }

    public override string ToString() => "ImportRecord ***";
}

/// <summary>Exactly one of the three.</summary>
public sealed record ImportFactor
{
    [JsonPropertyName("totp")]
    public ImportTotp? Totp { get; init; }

    [JsonPropertyName("phone")]
    public ImportPhone? Phone { get; init; }

    [JsonPropertyName("email")]
    public ImportEmail? Email { get; init; }

    public override string ToString() => "ImportFactor ***";

    internal bool IsOne => new object?[] { Totp, Phone, Email }.Count(part => part is not null) == 1;

    internal NewAuthenticationMethod ToMethod() => NewAuthenticationMethod.Of(new CreateAuthenticationMethodRequest
    {
        Type = Totp is not null ? MethodTypes.Totp : Phone is not null ? MethodTypes.Phone : MethodTypes.Email,
        TotpSecret = Totp?.Secret,
        PhoneNumber = Phone?.Value,
        Email = Email?.Value,
    });
}

public sealed record ImportTotp
{
    [JsonPropertyName("secret"), JsonRequired, RegularExpression("^[A-Z2-7]+$"), Base32Key]
    public string Secret { get; init; } = "";

    public override string ToString() => "***";
}

public sealed record ImportPhone([property: JsonPropertyName("value"), JsonRequired, RegularExpression(MethodRules.PhoneNumber)] string Value);

public sealed record ImportEmail([property: JsonPropertyName("value"), JsonRequired, MailAddress] string Value);
