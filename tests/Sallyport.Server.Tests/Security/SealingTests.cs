using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Security;

public sealed class SealingTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly AssociatedData Place = new(TenantId.Default, "authenticator", "sealed_secret", "dev_1");
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("a secret at rest");

    [Theory, Engines]
    public async Task A_sealed_value_opens_where_it_was_sealed_and_nowhere_else(Engine engine)
    {
        var cipher = (await servers.GetAsync(engine)).Services.GetRequiredService<ColumnCipher>();
        var value = cipher.Seal(Secret, Place);

        cipher.Open(value, Place).ShouldBe(Secret);
        foreach (var elsewhere in new[]
        {
            Place with { Row = "dev_2" }, Place with { Column = "secret_hash" }, Place with { Table = "message" },
            Place with { Tenant = new TenantId("other") },
        })
        {
            Should.Throw<CryptographicException>(() => cipher.Open(value, elsewhere), elsewhere.ToString());
        }
    }

    [Theory, Engines]
    public async Task A_value_with_any_bit_changed_does_not_open(Engine engine)
    {
        var cipher = (await servers.GetAsync(engine)).Services.GetRequiredService<ColumnCipher>();
        var value = cipher.Seal(Secret, Place);

        for (var bit = 0; bit < value.Length * 8; bit++)
        {
            var altered = (byte[])value.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<CryptographicException>(() => cipher.Open(altered, Place), $"bit {bit}");
        }

        for (var length = 0; length < value.Length; length++)
        {
            Should.Throw<CryptographicException>(() => cipher.Open(value[..length], Place), $"length {length}");
        }
    }

    [Theory, Engines]
    public async Task The_same_value_is_sealed_differently_each_time_and_does_not_show_through(Engine engine)
    {
        var cipher = (await servers.GetAsync(engine)).Services.GetRequiredService<ColumnCipher>();

        var (one, other) = (cipher.Seal(Secret, Place), cipher.Seal(Secret, Place));

        Convert.ToHexString(one).ShouldNotBe(Convert.ToHexString(other));
        Convert.ToHexString(one).ShouldNotContain(Convert.ToHexString(Secret));
    }

    [Theory, Engines]
    public async Task Secrets_of_authenticators_are_sealed_in_the_database(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var flow = await new GuardianApi(server).StartAsync(await management.CreateTicketAsync(await management.CreateUserAsync()));

        var dump = await DatabaseDump.TakeAsync(server.Database);

        var hex = Convert.ToHexString(flow.Secret);
        var recovery = Convert.ToHexString(Encoding.UTF8.GetBytes(flow.RecoveryCode!));
        dump.ShouldAllBe(line => !line.Contains(hex) && !line.Contains(flow.RecoveryCode!) && !line.Contains(recovery));
    }
}
