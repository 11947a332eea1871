using Sallyport.Server.Connections;

namespace Sallyport.Server.Tests.Connections;

public class PasswordLengthTests
{
    [Theory]
    [InlineData("{}", 1)]
    [InlineData("""{"passwordPolicy":"none"}""", 1)]
    [InlineData("""{"passwordPolicy":"low"}""", 6)]
    [InlineData("""{"passwordPolicy":"fair"}""", 8)]
    [InlineData("""{"passwordPolicy":"good"}""", 8)]
    [InlineData("""{"passwordPolicy":"excellent"}""", 10)]
    [InlineData("""{"passwordPolicy":"good","password_complexity_options":{"min_length":12}}""", 12)]
    [InlineData("""{"password_options":{"complexity":{"min_length":15}}}""", 15)]
    [InlineData("""{"passwordPolicy":null,"password_complexity_options":[]}""", 1)]
    public void The_options_of_a_connection_say_how_long_a_password_must_be(string options, int length) =>
        new Connection("con_1", "db", Connection.DatabaseStrategy) { Settings = $$"""{"options":{{options}}}""" }.MinPasswordLength.ShouldBe(length);

    [Fact]
    public void A_new_connection_wants_eight_characters() => Connection.CreateDefault().MinPasswordLength.ShouldBe(8);
}
