using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

public static class MailServices
{
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddDataProtection();
        services.AddSingleton<MailTemplates>();
        services.AddSingleton<MailComposer>();
        if (configuration.GetValue<bool>($"{PortalOptions.Section}:{nameof(PortalOptions.Demo)}")) services.AddSingleton<DemoInbox>();
        services.AddSingleton<Maildir>();
        services.AddSingleton<MailRate>();
        services.AddSingleton<Mailer>();
        services.AddSingleton<ITemplateMail, TemplateMail>();
        services.AddSingleton<MailHistory>();
        services.AddPortalJob<MailHistoryJob>("0 40 3 * * ?");
        services.AddSingleton<IOutboxHandler, MailOutboxHandler>();
        services.AddSingleton<EmlMailTransport>();
        services.AddSingleton<SmtpMailTransport>();
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.Transport switch
        {
            MailTransportKind.Eml => provider.GetRequiredService<EmlMailTransport>(),
            MailTransportKind.Smtp => provider.GetRequiredService<SmtpMailTransport>(),
        });
        return services;
    }
}

internal sealed class MailOptionsValidator(IOptions<PortalOptions> portal) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var problems = options.Problems().ToList();
        if (problems.Count == 0 && BrokenTemplate(options) is { } broken) problems.Add(broken);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private string? BrokenTemplate(MailOptions options)
    {
        try
        {
            _ = new MailTemplates(portal, Options.Create(options)).All;
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }
}
