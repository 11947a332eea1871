namespace Sallyport.Server.Http;

/// <summary>The client behind a request to the Management API, known from its access token.</summary>
internal interface ICaller
{
    const string AuthenticationScheme = "Bearer";

    string ClientId { get; }

    IReadOnlySet<string> Scopes { get; }
}
