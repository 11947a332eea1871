using System.Text;
using Npgsql;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.AuthenticationMethods;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Security;

/// <summary>A copy of the data of a server reveals no ticket, no secret of an authenticator app and no recovery code.</summary>
public sealed class SecretsAtRestTests
{
    [Fact]
    public async Task No_file_of_the_data_directory_holds_a_secret_in_clear()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var secrets = await LiveAsync(server);

        var files = Directory.GetFiles(server.Options.DataDirectory, "*", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(server.Options.OutboxDirectory, StringComparison.Ordinal))
            .ToList();

        files.Select(Path.GetExtension).ShouldContain(".db-wal");
        foreach (var file in files)
        {
            ShouldHoldNone(ReadShared(file), secrets, Path.GetFileName(file));
        }

        ShouldHold(files.SelectMany(ReadShared).ToArray(), secrets.UserId);
    }

    [Fact]
    public async Task No_table_of_PostgreSQL_holds_a_secret_in_clear()
    {
        await using var server = await TestServer.StartAsync(Engine.PostgreSql);
        var secrets = await LiveAsync(server);

        var tables = await DumpAsync(server.Options.ConnectionString!);

        tables.Keys.ShouldContain("ticket");
        tables.Keys.ShouldContain("authenticator");
        tables.Keys.ShouldContain("message");
        foreach (var (table, content) in tables)
        {
            ShouldHoldNone(content, secrets, table);
        }

        ShouldHold(tables["authenticator"], secrets.UserId);
        foreach (var file in Directory.GetFiles(server.Options.DataDirectory))
        {
            ShouldHoldNone(ReadShared(file), secrets, Path.GetFileName(file));
        }
    }

    /// <summary>Creates every kind of secret: used and unused tickets, a mail, confirmed and pending enrollments, recovery codes.</summary>
    private static async Task<Secrets> LiveAsync(TestServer server)
    {
        var person = await Person.CreateAsync(server);
        var (used, unused) = (await person.NewTicketAsync(), await person.NewTicketAsync(allowMultiple: true));
        var mailed = (string)(await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, send_mail = true })).Json!["ticket_id"]!;
        var flow = await person.Guardian.StartAsync(used);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.WrongCodeOf(flow))).Status.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(System.Net.HttpStatusCode.OK);
        var replacement = await person.Guardian.RecoverAsync(await person.StartAsync(), flow.RecoveryCode!);
        await person.AddMethodAsync(MethodScene.Totp);
        var regenerated = await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/recovery-code-regeneration");
        var pending = await person.Guardian.StartAsync(unused);
        (await server.GetAsync("/mfa/enrollment?ticket=" + unused)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await MailHasLeftAsync(server, mailed);
        return new Secrets(
            person.UserId,
            [used, unused, mailed, flow.RecoveryCode!, (string)replacement.Json!["recovery_code"]!, (string)regenerated.Json!["recovery_code"]!,
                TestServer.ClientSecret],
            [flow.Secret, pending.Secret, MethodScene.TotpKey]);
    }

    private static async Task MailHasLeftAsync(TestServer server, string ticket)
    {
        var deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20);
        while (TimeProvider.System.GetUtcNow() < deadline)
        {
            var mails = Directory.Exists(server.Options.OutboxDirectory) ? Directory.GetFiles(server.Options.OutboxDirectory, "*.eml") : [];
            foreach (var mail in mails)
            {
                // The others tell the user that their factors have changed.
                if (Encoding.UTF8.GetString(Convert.FromBase64String(BodyOf(await File.ReadAllTextAsync(mail)))).Contains(ticket, StringComparison.Ordinal))
                {
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Fail("The mail was not delivered.");
    }

    /// <returns>The first part of the mail.</returns>
    private static string BodyOf(string mail)
    {
        var part = mail.Split("Content-Transfer-Encoding: base64\r\n\r\n")[1];
        return part[..part.IndexOf("--", StringComparison.Ordinal)];
    }

    private static void ShouldHoldNone(byte[] content, Secrets secrets, string place)
    {
        foreach (var text in secrets.Texts.Concat(secrets.Keys.SelectMany(Spellings)))
        {
            content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)).ShouldBe(-1, place);
        }

        foreach (var key in secrets.Keys)
        {
            content.AsSpan().IndexOf(key).ShouldBe(-1, place);
        }
    }

    /// <summary>Proves that the search finds a text that is stored.</summary>
    private static void ShouldHold(byte[] content, string text) =>
        content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)).ShouldBeGreaterThan(-1);

    private static IEnumerable<string> Spellings(byte[] key) =>
        [Protocols.Otp.Base32.Encode(key), Convert.ToHexString(key), Convert.ToHexStringLower(key), Convert.ToBase64String(key)];

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <returns>The rows of every table as COPY prints them, with byte columns in hex.</returns>
    private static async Task<Dictionary<string, byte[]>> DumpAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var names = new List<string>();
        await using (var command = new NpgsqlCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", connection))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        var tables = new Dictionary<string, byte[]>();
        foreach (var name in names)
        {
            using var copy = await connection.BeginTextExportAsync($"COPY \"{name}\" TO STDOUT");
            tables.Add(name, Encoding.UTF8.GetBytes(await copy.ReadToEndAsync()));
        }

        return tables;
    }

    private sealed record Secrets(string UserId, IReadOnlyList<string> Texts, IReadOnlyList<byte[]> Keys);
}
