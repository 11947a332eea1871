using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c>: all calls for authentication methods, which generation 2 lacks.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkMethodTests(Servers servers)
{
    private static readonly object Phone = new { type = "phone", name = "Mobile", phone_number = "+447207183875", preferred_authentication_method = "sms" };
    private static readonly object Totp = new { type = "totp", name = "App", totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" };
    private static readonly object Email = new { type = "email", name = "Mail", email = "chuck334@example.com" };

    [Theory, Generations(4, 5, 7)]
    public async Task A_method_is_created_read_renamed_replaced_and_deleted(Engine engine, int generation)
    {
        var person = await Person.CreateAsync(await servers.GetSecureAsync(engine));

        await new ManagementSdk(person.Server, generation)
            .Then("methods.create", person.UserId, Phone, name: "phone").Gives(method => ((string)method["phone_number"]!).ShouldBe("XXXXXXXXX3875"))
            .Then("methods.create", person.UserId, Totp).Gives(method => method["totp_secret"].ShouldBeNull())
            .ThenOf("methods.get", person.UserId, "$phone.id").Gives(method => ((bool)method["confirmed"]!).ShouldBeTrue())
            .ThenOf("methods.update", person.UserId, "$phone.id", new { name = "Work", preferred_authentication_method = "voice" })
                .Gives(method => ((string)method["name"]!).ShouldBe("Work"))
            .Then("methods.list", person.UserId, query: new { per_page = 10 }).Lists(methods => methods.Count.ShouldBe(2))
            .ThenOf("methods.delete", person.UserId, "$phone.id")
            .Then("methods.list", person.UserId).Lists(methods => ((string)methods.ShouldHaveSingleItem()!["type"]!).ShouldBe("totp"))
            .Then("methods.replace", person.UserId, new[] { Phone, Email }).Lists(methods => methods.Count.ShouldBe(2))
            .Then("methods.list", person.UserId)
                .Lists(methods => methods.Select(method => (string?)method!["email"]).ShouldContain("chuc****@exam*******"))
            .Then("methods.deleteAll", person.UserId)
            .Then("methods.list", person.UserId).Lists(methods => methods.ShouldBeEmpty())
            .ProveAsync();
    }

    [Theory, Generations(4, 5, 7)]
    public async Task Errors_arrive_as_the_error_types_of_the_client(Engine engine, int generation)
    {
        var person = await Person.CreateAsync(await servers.GetSecureAsync(engine));

        await new ManagementSdk(person.Server, generation)
            .Then("methods.create", person.UserId, Phone)
            .Then("methods.create", person.UserId, Phone).Refused(409, "authentication_method_exists")
            .Then("methods.create", person.UserId, new { type = "nonsense" }).Refused(400, "invalid_body")
            .Then("methods.create", "auth0|nobody", Totp).Refused(404, "inexistent_user")
            .Then("methods.list", "auth0|nobody").Refused(404, "inexistent_user")
            .Then("methods.replace", person.UserId, new[] { new { type = "nonsense" } }).Refused(400, "invalid_body")
            .Then("methods.replace", "auth0|nobody", new[] { Totp }).Refused(404, "inexistent_user", isDeclared: false)
            .ThenOf("methods.get", person.UserId, "totp|dev_0000000000000000").Refused(404, "inexistent_authentication_method")
            .ThenOf("methods.update", person.UserId, "totp|dev_0000000000000000", new { name = "x" }).Refused(404, "inexistent_authentication_method")
            .ThenOf("methods.delete", person.UserId, "totp|dev_0000000000000000").Refused(404, "inexistent_authentication_method")
            .Then("methods.deleteAll", "auth0|nobody").Refused(404, "inexistent_user", isDeclared: false)
            .ProveAsync();
    }
}
