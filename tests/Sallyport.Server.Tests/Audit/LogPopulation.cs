using System.Globalization;
using System.Text.Json;
using Sallyport.Protocols.Tests;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Audit;

/// <summary>Entries with values in common, and with values that are hard to compare. The same seed makes the same entries.</summary>
internal sealed class LogPopulation
{
    public const string Hostname = "mfa.example.com";

    public static readonly string[] Texts =
    [
        "ada", "Ada", "ada*", "a%a", "a_a", "[ada]", "a\\a", "it's \"quoted\"", "é", "\U0001F600 smile", "13", "true", "", "POST", "sapi", "gd_auth_failed", "gd_unenroll", "none",
    ];

    private static readonly string?[] Details =
    [
        null, "{}", """{"request":{"method":"POST","query":{}},"response":{"statusCode":201}}""", """{"request":{"method":"PATCH","body":{"plan":"13","n":13,"on":true}}}""",
        """{"request":{"body":{"plan":["ada",13,null,{"x":1},["ada"]],"n":13.0,"on":"true"}}}""", """{"request":{"body":{"n":1.3e1,"plan":null,"on":[],"é":"Ada","a\"b":1}}}""",
        """{"request":"ada","response":[{"statusCode":201}]}""", """{"request":{"body":{"plan":{"deep":"ada"},"on":false,"n":12345678901234567890}}}""",
        """{"request":{"body":{"plan":"[ada]","n":-13,"on":"it's \"quoted\""},"query":{"a b":"\ud83d\ude00 smile"}}}""",
    ];

    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private LogPopulation(IReadOnlyList<User> users, IReadOnlyList<LogSample> entries) => (Users, Entries) = (users, entries);

    public IReadOnlyList<User> Users { get; }

    public IReadOnlyList<LogSample> Entries { get; }

    public static LogPopulation Make(uint seed, int count)
    {
        var random = Choices.Fixed(seed);
        var users = Enumerable.Range(0, 12).Select(i => new User
        {
            UserId = $"auth0|{i}",
            Connection = $"c{i % 3}",
            Email = random.Chance(40) ? null : $"ada{i}@example.com",
            PhoneNumber = random.Chance(50) ? null : $"+1555{i}",
            Name = random.Chance(20) ? null : random.Pick(Texts),
            CreatedAt = Start,
            UpdatedAt = Start,
        }).ToList();
        return new LogPopulation(users, [.. Enumerable.Range(0, count).Select(i => MakeEntry(random, i))]);
    }

    public static DateTimeOffset Instant(Choices random) => Start.AddMilliseconds((random.Below(200) * 43_200_000L) + random.Below(3));

    /// <returns>A migrated database with only these entries.</returns>
    public async Task<TestDatabase> StoreAsync(Engine engine)
    {
        var shared = await TestDatabase.CreateAsync(engine);
        var database = await shared.OpenMigratedAsync();
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(TenantStore.InsertIfMissing(TenantId.Default, Start));
                UserStore.Insert(unit, TenantId.Default, [.. Users]);
                unit.Enqueue(new Statement("INSERT INTO client (tenant_id, client_id, name, secret_hash, created_at) VALUES ('default', 'c1', 'ada', @hash, 0)", ("hash", new byte[1])));
                foreach (var entry in Entries)
                {
                    unit.Enqueue(entry.ToInsert());
                }

                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        return shared;
    }

    private static LogSample MakeEntry(Choices random, int number)
    {
        var date = Instant(random);
        return new LogSample(string.Create(CultureInfo.InvariantCulture, $"900{date:yyyyMMddHHmmssfff}{number:d36}"), date)
        {
            Type = random.Pick("sapi", "sapi", "fapi", "gd_auth_failed", "gd_unenroll", "GD_unenroll", "unknown"),
            UserId = random.Chance(20) ? null : $"auth0|{random.Below(14)}",
            ClientId = random.Chance(20) ? null : $"c{random.Below(3)}",
            Address = random.Chance(20) ? null : $"192.0.2.{random.Below(5)}",
            UserAgent = random.Chance(20) ? null : random.Pick(Texts),
            Details = random.Pick(Details),
        };
    }
}

internal sealed record LogSample(string LogId, DateTimeOffset Date)
{
    public required string Type { get; init; }

    public required string? UserId { get; init; }

    public required string? ClientId { get; init; }

    public required string? Address { get; init; }

    public required string? UserAgent { get; init; }

    public required string? Details { get; init; }

    public JsonElement? DetailsAt(string path)
    {
        if (Details is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(Details);
        var found = document.RootElement.Clone();
        foreach (var key in path.Split('.').Skip(1))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(key, out found))
            {
                return null;
            }
        }

        return found;
    }

    public Statement ToInsert() => new(
        """
        INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
        VALUES ('default', @log_id, @date, @type, @user_id, @client_id, @ip, @user_agent, @details)
        """,
        ("log_id", LogId),
        ("date", Date.ToUnixTimeMilliseconds()),
        ("type", Type),
        ("user_id", UserId),
        ("client_id", ClientId),
        ("ip", Address),
        ("user_agent", UserAgent),
        ("details", Details));
}
