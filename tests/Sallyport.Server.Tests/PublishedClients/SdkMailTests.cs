using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c>: the e-mail provider and the templates of e-mails.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkMailTests(Servers servers)
{
    private static readonly object Smtp = new
    {
        name = "smtp",
        enabled = true,
        default_from_address = "from@example.com",
        credentials = new { smtp_host = "mail.example.com", smtp_port = 587, smtp_user = "ann", smtp_pass = "s3cr3t" },
    };

    private static readonly object Template = new
    {
        template = "enrollment_email",
        body = "<p>{{ link }}</p>",
        from = "from@example.com",
        subject = "Enroll",
        syntax = "liquid",
        enabled = true,
    };

    [Theory, Generations]
    public async Task A_provider_is_created_read_without_its_secret_changed_and_deleted(Engine engine, int generation)
    {
        var server = await servers.GetCleanAsync(engine, isSecure: true);

        await new ManagementSdk(server, generation)
            .Then("mail.get").Refused(404, "inexistent_email_provider")
            .Then("mail.update", body: new { enabled = false }).Refused(404, "inexistent_email_provider")
            .Then("mail.create", body: new { name = "nonsense", credentials = new { } }).Refused(400, "invalid_body")
            .Then("mail.create", body: Smtp).Gives(provider => provider["credentials"]!["smtp_pass"].ShouldBeNull())
            .Then("mail.create", body: Smtp).Refused(409, null)
            .Then("mail.get").Gives("""{"name":"smtp","enabled":true}""")
            .Then("mail.get", query: new { fields = "name,enabled,credentials,settings,default_from_address", include_fields = true })
                .Gives(provider => ((int)provider["credentials"]!["smtp_port"]!).ShouldBe(587))
            .Then("mail.update", body: new { enabled = false }).Gives(provider => ((bool)provider["enabled"]!).ShouldBeFalse())
            .Then("mail.update", body: new { nonsense = 1 }).Refused(400, "invalid_body")
            .Then("mail.delete")
            .Then("mail.delete")
            .ProveAsync();
    }

    [Theory, Generations]
    public async Task A_template_is_created_read_changed_and_replaced(Engine engine, int generation)
    {
        const string Name = "enrollment_email";
        var server = await servers.GetCleanAsync(engine, isSecure: true);

        await new ManagementSdk(server, generation)
            .Then("templates.get", Name).Refused(404, "inexistent_email_template", isDeclared: false)
            .Then("templates.update", Name, new { subject = "x" }).Refused(404, "inexistent_email_template")
            .Then("templates.replace", Name, Template).Refused(404, "inexistent_email_template")
            .Then("templates.get", "nonsense").Refused(400, "invalid_uri")
            .Then("templates.create", body: new { template = Name }).Refused(400, "invalid_body")
            .Then("templates.create", body: Template).Gives(template => ((string)template["subject"]!).ShouldBe("Enroll"))
            .Then("templates.create", body: Template).Refused(409, null)
            .Then("templates.update", Name, new { subject = "Changed" }).Gives(template => ((string)template["from"]!).ShouldBe("from@example.com"))
            .Then("templates.get", Name).Gives(template => ((string)template["subject"]!).ShouldBe("Changed"))
            .Then("templates.replace", Name, Template)
            .Then("templates.update", Name, new { nonsense = 1 }).Refused(400, "invalid_body")
            .ProveAsync();
    }
}
