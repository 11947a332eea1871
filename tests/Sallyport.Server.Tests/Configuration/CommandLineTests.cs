using Sallyport.Server.Configuration;

namespace Sallyport.Server.Tests.Configuration;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--urls=http://localhost:5099")]
    [InlineData("--urls", "http://localhost:5099")]
    [InlineData("/urls=http://localhost:5099")]
    [InlineData("/urls", "http://localhost:5099")]
    [InlineData("urls=http://localhost:5099")]
    public void A_setting_is_read_in_each_form_that_the_platform_knows(params string[] arguments)
    {
        var line = CommandLineSettings.Read(arguments);

        line.Settings.ShouldBe(["--urls=http://localhost:5099"]);
        line.Commands.ShouldBeEmpty();
        line.Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Settings_are_separated_from_a_command_and_its_options()
    {
        var line = CommandLineSettings.Read(
            ["--Sallyport:DataDirectory", "import", "import", "users.ndjson", "--upsert", "--connectionStrings:sallyport=Host=db", "--connection", "staff"]);

        line.Settings.ShouldBe(["--Sallyport:DataDirectory=import", "--connectionStrings:sallyport=Host=db"]);
        line.Commands.ShouldBe(["import", "users.ndjson", "--upsert", "--connection", "staff"]);
    }

    [Theory]
    [InlineData("--Salyport:PublicUrl=https://mfa.example.com", "Salyport:PublicUrl: is not the name of a setting; ")]
    [InlineData("--ConnectionStrings:Salyport=Host=db;Password=secret", "ConnectionStrings:Salyport: is not the name of a setting; ")]
    [InlineData("--Sallyport:PublicUrl", "Sallyport:PublicUrl: the value is missing; ")]
    public void A_misspelt_setting_is_named_without_its_value(string argument, string fault)
    {
        var line = CommandLineSettings.Read([argument, "--urls=http://localhost:5099"]);

        line.Faults.ShouldHaveSingleItem().ShouldStartWith(fault);
        line.Faults[0].ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("\"--nonsense\" is not a command or an option", "--nonsense")]
    [InlineData("\"--nonsense\" is not a command or an option", "--nonsense=secret")]
    [InlineData("\"--nonsense\" is not a command or an option", "--nonsense", "1")]
    [InlineData("\"-n\" is not a command or an option", "-n")]
    [InlineData("\"imprt\" is not a command or an option", "imprt", "users.ndjson")]
    [InlineData("\"--frob\" is not a command or an option", "import", "users.ndjson", "--frob")]
    [InlineData("\"more.ndjson\" is not a command or an option", "import", "users.ndjson", "more.ndjson")]
    [InlineData("Required argument 'FILE' missing for command: 'import'", "import")]
    [InlineData("Required argument missing for option: '--connection'", "import", "users.ndjson", "--connection")]
    public void An_unknown_or_incomplete_argument_is_a_fault_in_one_line(string fault, params string[] arguments) =>
        FindFault(arguments).ShouldBe($"{fault}; --help lists the commands and options");

    [Fact]
    public async Task The_options_of_an_import_are_read()
    {
        (await ImportOfAsync("import", "users.ndjson")).ShouldBe(new ImportCommand("users.ndjson", "Username-Password-Authentication", Upsert: false));
        (await ImportOfAsync("import", "-", "--upsert", "--connection", "staff")).ShouldBe(new ImportCommand("-", "staff", Upsert: true));
        (await ImportOfAsync("import", "@users.ndjson")).ShouldNotBeNull().File.ShouldBe("@users.ndjson");
    }

    private static string? FindFault(string[] arguments) =>
        CommandLine.FindFault(CommandLine.Parse(CommandLineSettings.Read(arguments).Commands, _ => Task.FromResult(0)));

    private static async Task<ImportCommand?> ImportOfAsync(params string[] arguments)
    {
        ImportCommand? read = null;
        (await CommandLine.InvokeAsync(CommandLine.Parse(arguments, import =>
        {
            read = import;
            return Task.FromResult(7);
        }))).ShouldBe(7);
        return read;
    }
}
