using Sallyport.Server.Factors;
using Sallyport.Server.Factors.WebAuthn;
using Sallyport.Server.Languages;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

public sealed class RelyingPartyTests
{
    [Theory]
    [InlineData("https://login.example.com", null, "login.example.com", "https://login.example.com")]
    [InlineData("https://login.example.com:8443", null, "login.example.com", "https://login.example.com:8443")]
    [InlineData("http://localhost:5080", null, "localhost", "http://localhost:5080")]
    [InlineData("https://login.example.com", "login.example.com", "login.example.com", "https://login.example.com")]
    [InlineData("https://login.example.com", "EXAMPLE.com", "example.com", "https://login.example.com")]
    [InlineData("https://a.b.example.com", "b.example.com", "b.example.com", "https://a.b.example.com")]
    [InlineData("https://schlüssel.example", null, "xn--schlssel-95a.example", "https://xn--schlssel-95a.example")]
    public void The_identifier_is_the_host_or_a_parent_domain(string publicUrl, string? identifier, string id, string origin) =>
        RelyingParty.Of(publicUrl, identifier).ShouldBe(new RelyingParty(id, origin));

    [Theory]
    [InlineData("https://login.example.com", "")]
    [InlineData("https://login.example.com", "com")]
    [InlineData("https://login.example.com", "example.org")]
    [InlineData("https://login.example.com", "a.login.example.com")]
    [InlineData("https://notexample.com", "example.com")]
    [InlineData("https://login.example.com", ".example.com")]
    [InlineData("http://127.0.0.1:5080", null)]
    [InlineData("http://[::1]:5080", null)]
    public void Any_other_identifier_and_any_address_are_refused(string publicUrl, string? identifier) =>
        RelyingParty.Of(publicUrl, identifier).ShouldBeNull();

    [Theory]
    [InlineData(new string[0], "Security key")]
    [InlineData(new[] { "Security key" }, "Security key 2")]
    [InlineData(new[] { "Security key", "Security key 2" }, "Security key 3")]
    [InlineData(new[] { "Security key 2", "Work" }, "Security key")]
    [InlineData(new[] { "Work" }, "Security key")]
    public void A_new_key_gets_a_name_that_its_user_does_not_have_yet(string[] others, string name) =>
        KnownAuthenticators.NameFor(Guid.Empty, "Security key", others).ShouldBe(name);

    [Fact]
    public void A_known_model_gives_a_key_its_name()
    {
        var model = Guid.Parse("fa2b99dc-9e39-4257-8f92-4a30d23c4118");

        KnownAuthenticators.NameFor(model, "Security key", []).ShouldBe("YubiKey 5 NFC");
        KnownAuthenticators.NameFor(model, "Security key", ["YubiKey 5 NFC"]).ShouldBe("YubiKey 5 NFC 2");
    }

    [Fact]
    public void Default_names_leave_room_for_a_number()
    {
        foreach (var language in Language.All)
        {
            var texts = Texts.Of(language);
            texts.SecurityKeyName.Length.ShouldBeLessThanOrEqualTo(Authenticator.MaxNameLength - 4);
            texts.DeviceName.Length.ShouldBeLessThanOrEqualTo(Authenticator.MaxNameLength - 4);
        }
    }
}
