using Sallyport.Server.Commands;
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
    [InlineData("Option '--user' is required", "ticket", "create")]
    [InlineData("Required command was not provided", "users")]
    [InlineData("--ttl is not a number of hours from 1 to 720", "ticket", "create", "--user", "auth0|1", "--ttl", "721")]
    [InlineData("--ttl is not a number of hours from 1 to 720", "ticket", "create", "--user", "auth0|1", "--ttl", "0")]
    public void An_unknown_or_incomplete_argument_is_a_fault_in_one_line(string fault, params string[] arguments) =>
        FindFault(arguments).ShouldBe($"{fault}; --help lists the commands and options");

    [Fact]
    public async Task The_options_of_each_command_are_read()
    {
        (await ReadAsync("import", "users.ndjson")).ShouldBe(new Import("users.ndjson", "Username-Password-Authentication", Upsert: false));
        (await ReadAsync("import", "-", "--upsert", "--connection", "staff")).ShouldBe(new Import("-", "staff", Upsert: true));
        (await ReadAsync("import", "@users.ndjson")).ShouldBe(new Import("@users.ndjson", "Username-Password-Authentication", Upsert: false));
        (await ReadAsync("ticket", "create", "--user", "a@example.com")).ShouldBe(new TicketCreate("a@example.com"));
        (await ReadAsync("ticket", "create", "--user", "auth0|1", "--factor", "otp", "--send-mail", "--allow-multiple", "--ttl", "48")).ShouldBe(
            new TicketCreate("auth0|1") { Factor = "otp", SendsMail = true, AllowsMultiple = true, Lifetime = TimeSpan.FromHours(48) });
        (await ReadAsync("users", "search", "email:*")).ShouldBe(new UsersSearch("email:*"));
        (await ReadAsync("users", "show", "auth0|1")).ShouldBe(new UsersShow("auth0|1"));
        (await ReadAsync("users", "reset", "auth0|1")).ShouldBe(new UsersReset("auth0|1", IsConfirmed: false));
        (await ReadAsync("users", "reset", "auth0|1", "--yes")).ShouldBe(new UsersReset("auth0|1", IsConfirmed: true));
        (await ReadAsync("export", "users.csv", "--format", "csv", "--connection", "staff")).ShouldBe(new Export("users.csv", "csv", "staff"));
        (await ReadAsync("keys", "rotate")).ShouldBe(new KeysRotate());
        (await ReadAsync("backup", "folder")).ShouldBe(new Backup("folder"));
        (await ReadAsync("restore", "folder")).ShouldBe(new Restore("folder"));
        (await ReadAsync("doctor")).ShouldBe(new Doctor());
        (await ReadAsync("clients", "create", "Backend", "--scope", "read:users", "--scope", "read:logs"))
            .ShouldBeOfType<ClientsCreate>().Scopes.ShouldBe(["read:users", "read:logs"]);
    }

    [Theory]
    [InlineData(false, "doctor")]
    [InlineData(true, "doctor", "--json")]
    [InlineData(true, "--json", "users", "show", "auth0|1")]
    public async Task The_option_json_can_stand_anywhere(bool isJson, params string[] arguments) =>
        (await InvocationOfAsync(arguments))!.IsJson.ShouldBe(isJson);

    [Fact]
    public async Task The_version_names_the_commit()
    {
        using var process = Hosting.ServerProcess.Run(["--version"], []);

        (await process.WaitForExitAsync()).ShouldBe(0);
        process.Output.ShouldBe(ProductVersion.Text);
        process.Output.ShouldMatch(@"^\d+\.\d+\.\d+\+[0-9a-f]{40}$");
    }

    private static string? FindFault(string[] arguments) =>
        CommandLine.FindFault(CommandLine.Parse(CommandLineSettings.Read(arguments).Commands, _ => Task.FromResult(0)));

    private static async Task<ICommand?> ReadAsync(params string[] arguments) => (await InvocationOfAsync(arguments))?.Command;

    private static async Task<Invocation?> InvocationOfAsync(params string[] arguments)
    {
        Invocation? read = null;
        (await CommandLine.InvokeAsync(CommandLine.Parse(arguments, invocation =>
        {
            read = invocation;
            return Task.FromResult(7);
        }))).ShouldBe(7);
        return read;
    }
}
