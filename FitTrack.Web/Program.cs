using FitTrack.ServiceDefaults;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Web.Api;
using FitTrack.Web.Components;
using FitTrack.Web.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.Services.AddRazorComponents();
builder.Services.AddWebSecurity(builder.Configuration, builder.Environment);
builder.Services.AddFitTrackApiClient();
builder.Services.AddResponseCompression(o => o.EnableForHttps = true);

var app = builder.Build();
app.UseClientAddress();
app.UseSecurityHeaders("strict-origin-when-cross-origin");
app.UseHostName();
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/not-found");
app.UseTestPageInDevelopmentOnly();
app.UseResponseCompression();
app.UseStaticFiles();
app.UseAuthentication();
app.UseAuthorization();
app.UseFormProtection();

app.MapDefaultEndpoints();
app.MapSignIn();
app.MapApiPassThrough();
app.MapRazorComponents<App>();

app.Run();
