using System.Text.Json;
using Sallyport.Server.Clients;
using Sallyport.Server.SignIn.OpenIdConnect;

namespace Sallyport.Server.Tests.SignIn.OpenIdConnect;

/// <summary>Which authorization requests are valid. Each test changes a valid request or its client.</summary>
public sealed class AuthorizationRulesTests
{
    private const string Address = "https://app.example/callback";

    private static readonly Dictionary<string, string> Valid = new()
    {
        ["client_id"] = "client",
        ["redirect_uri"] = Address,
        ["response_type"] = "code",
        ["scope"] = "openid",
        ["code_challenge"] = new string('a', 43),
        ["code_challenge_method"] = "S256",
    };

    private static readonly ClientResponse Client = new()
    {
        ClientId = "client",
        Callbacks = [Address, "com.example.app:/callback", "javascript:alert(1)", "http://app.example/callback#part", "https://app.example/?iss=x"],
        GrantTypes = [GrantType.AuthorizationCode],
        TokenEndpointAuthMethod = AuthMethods.Post,
    };

    [Fact]
    public void A_valid_request_has_no_fault() => FindFault().ShouldBeNull();

    [Theory]
    [InlineData("https://app.example/callback/")]
    [InlineData("https://app.example/callback?x=1")]
    [InlineData("https://APP.example/callback")]
    [InlineData("http://app.example/callback")]
    [InlineData("https://app.example.evil.example/callback")]
    [InlineData("https://app.example@evil.example/callback")]
    [InlineData("//app.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://app.example/callback#part")]
    [InlineData("https://app.example/?iss=x")]
    [InlineData("")]
    public void Another_address_is_shown_and_never_redirected_to(string address) =>
        AuthorizationRules.FindAddressFault(Request(("redirect_uri", address)), Client)!.Error.ShouldBe("invalid_request");

    [Fact]
    public void The_private_scheme_of_an_app_is_an_address() =>
        FindFault(Client, ("redirect_uri", "com.example.app:/callback")).ShouldBeNull();

    [Fact]
    public void A_request_without_a_known_client_is_shown()
    {
        AuthorizationRules.FindAddressFault(Request(), client: null)!.Error.ShouldBe("invalid_request");
        AuthorizationRules.FindAddressFault(Request(), Client with { Global = true })!.Error.ShouldBe("invalid_request");
        AuthorizationRules.FindAddressFault(Request(("client_id", "")), Client)!.Error.ShouldBe("invalid_request");
    }

    [Theory]
    [InlineData("state")]
    [InlineData("login_hint")]
    [InlineData("scope")]
    public void An_endless_parameter_is_shown(string name) =>
        AuthorizationRules.FindAddressFault(Request((name, new string('x', AuthorizationRequest.MaxLength + 1))), Client)!
            .Error.ShouldBe("invalid_request");

    [Fact]
    public void Only_a_reference_to_a_pushed_request_is_taken() =>
        AuthorizationRules.FindAddressFault(Request(("request_uri", "https://app.example/request.jwt")), Client)!.Error.ShouldBe("request_uri_not_supported");

    [Theory]
    [InlineData("de", "de")]
    [InlineData("", null)]
    [InlineData("de en", "de en")]
    public void The_languages_of_a_request_are_repeated(string sent, string? repeated) => Request(("ui_locales", sent)).UiLocales.ShouldBe(repeated);

    [Fact]
    public void Only_the_first_of_very_many_languages_are_repeated()
    {
        Request(("ui_locales", string.Concat(Enumerable.Repeat("de-AT ", 500)))).UiLocales.ShouldBe(string.Join(' ', Enumerable.Repeat("de-AT", 33)));
        Request(("ui_locales", new string('x', 4000))).UiLocales.ShouldBeNull();
    }

    [Fact]
    public void An_endless_request_is_shown()
    {
        var half = new string('é', (AuthorizationRequest.MaxTotalLength / 4) - 200);

        AuthorizationRules.FindAddressFault(Request(("state", half), ("nonce", "n")), Client).ShouldBeNull();
        AuthorizationRules.FindAddressFault(Request(("state", half), ("nonce", half), ("login_hint", half)), Client)!
            .Error.ShouldBe("invalid_request");
    }

    [Theory]
    [InlineData("response_type", "", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_type", "none", "unsupported_response_type")]
    [InlineData("response_mode", "jwt", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "login none", "invalid_request")]
    [InlineData("prompt", "NONE", "invalid_request")]
    [InlineData("response_mode", "FORM_POST", "invalid_request")]
    [InlineData("response_type", "CODE", "unsupported_response_type")]
    [InlineData("prompt", "other", "invalid_request")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("resource", "not an address", "invalid_request")]
    [InlineData("resource", "/api", "invalid_request")]
    [InlineData("resource", "https://api.example/#part", "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", "", "invalid_request")]
    [InlineData("code_challenge", "", "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge", "+++++++++++++++++++++++++++++++++++++++++++", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("max_age", "1e3", "invalid_request")]
    [InlineData("max_age", "99999999999999999999", "invalid_request")]
    public void A_wrong_parameter_is_an_error_for_the_client(string name, string value, string error) =>
        FindFault(Client, (name, value))!.Error.ShouldBe(error);

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "consent select_account")]
    [InlineData("prompt", "none")]
    [InlineData("max_age", "0")]
    [InlineData("response_mode", "form_post")]
    [InlineData("response_mode", "fragment")]
    [InlineData("audience", "https://api.example/")]
    [InlineData("resource", "https://api.example/")]
    [InlineData("scope", "openid offline_access")]
    [InlineData("scope", "")]
    public void A_supported_parameter_is_valid(string name, string value) => FindFault(Client, (name, value)).ShouldBeNull();

    [Fact]
    public void A_public_client_needs_a_challenge_and_a_confidential_one_does_not()
    {
        (string, string)[] without = [("code_challenge", ""), ("code_challenge_method", "")];

        FindFault(Client, without).ShouldBeNull();
        FindFault(Client with { TokenEndpointAuthMethod = AuthMethods.None }, without)!.Error.ShouldBe("invalid_request");
    }

    [Fact]
    public void A_client_without_the_grant_type_is_not_authorized()
    {
        FindFault(Client with { GrantTypes = [GrantType.ClientCredentials] })!.Error.ShouldBe("unauthorized_client");
        FindFault(Client with { GrantTypes = null })!.Error.ShouldBe("unauthorized_client");
    }

    [Fact]
    public void A_client_that_must_push_its_requests_cannot_send_them_through_the_browser()
    {
        var client = Client with { RequirePushedAuthorizationRequests = true };

        AuthorizationRules.FindFault(Request(), client, isPushed: false)!.Error.ShouldBe("invalid_request");
        AuthorizationRules.FindFault(Request(), client, isPushed: true).ShouldBeNull();
    }

    [Theory]
    [InlineData("application", true)]
    [InlineData("APPLICATION", true)]
    [InlineData("password", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_client_says_who_checks_the_first_factor(string? value, bool byClient)
    {
        var metadata = value is null ? null : new Dictionary<string, JsonElement> { ["first_factor"] = JsonSerializer.SerializeToElement(value) };

        AuthorizationRules.ChecksFirstFactor(Client with { ClientMetadata = metadata }).ShouldBe(byClient);
    }

    private static AuthorizationFault? FindFault() => FindFault(Client);

    private static AuthorizationFault? FindFault(ClientResponse client, params (string Name, string Value)[] changes)
    {
        AuthorizationRules.FindAddressFault(Request(changes), client).ShouldBeNull();
        return AuthorizationRules.FindFault(Request(changes), client, isPushed: false);
    }

    private static AuthorizationRequest Request(params (string Name, string Value)[] changes)
    {
        var parameters = new Dictionary<string, string>(Valid);
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return new AuthorizationRequest(parameters);
    }
}
