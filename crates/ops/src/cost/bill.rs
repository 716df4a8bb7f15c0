//! From resources to lines of a monthly bill.

use super::{CostError, Load, Plan, Prices, Range, Resource};

pub(super) const HOURS: f64 = 730.0;

/// What one resource costs in a month, in one respect.
#[derive(Clone, Debug)]
pub struct Line {
    pub address: String,
    pub module: String,
    pub item: String,
    pub quantity: Range,
    pub usd: Range,
}

impl Line {
    /// Whether the price follows the load.
    pub fn is_usage(&self) -> bool {
        self.quantity.low.to_bits() != self.quantity.high.to_bits()
    }
}

#[derive(Clone, Debug, Default)]
pub struct Bill {
    pub lines: Vec<Line>,
}

impl Bill {
    pub fn total(&self) -> Range {
        self.lines.iter().map(|line| line.usd).sum()
    }

    /// What the lines of a module cost: the price of its switch.
    pub fn of_module(&self, module: &str) -> Range {
        self.lines.iter().filter(|line| line.module == module).map(|line| line.usd).sum()
    }
}

/// What costs nothing by itself.
const FREE: [&str; 63] = [
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_appautoscaling_policy",
    "aws_appautoscaling_target",
    "aws_autoscaling_policy",
    "aws_backup_plan",
    "aws_backup_selection",
    "aws_backup_vault_lock_configuration",
    "aws_budgets_budget",
    "aws_cloudfront_origin_access_control",
    "aws_codestarconnections_connection",
    "aws_db_event_subscription",
    "aws_db_parameter_group",
    "aws_db_subnet_group",
    "aws_default_security_group",
    "aws_ecs_task_definition",
    "aws_eip_association",
    "aws_elasticache_subnet_group",
    "aws_flow_log",
    "aws_iam_instance_profile",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_user",
    "aws_iam_user_policy",
    "aws_imagebuilder_component",
    "aws_imagebuilder_distribution_configuration",
    "aws_imagebuilder_image_pipeline",
    "aws_imagebuilder_image_recipe",
    "aws_imagebuilder_infrastructure_configuration",
    "aws_internet_gateway",
    "aws_launch_template",
    "aws_lb_listener",
    "aws_lb_listener_rule",
    "aws_lb_target_group",
    "aws_route",
    "aws_route53_record",
    "aws_route_table",
    "aws_route_table_association",
    "aws_s3_bucket_cors_configuration",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_replication_configuration",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_secretsmanager_secret_version",
    "aws_security_group",
    "aws_sesv2_configuration_set",
    "aws_sesv2_configuration_set_event_destination",
    "aws_sesv2_email_identity_mail_from_attributes",
    "aws_sns_topic",
    "aws_sns_topic_policy",
    "aws_sns_topic_subscription",
    "aws_ssm_parameter",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_wafv2_web_acl_association",
    "aws_wafv2_web_acl_logging_configuration",
];

/// Prices each resource that the plan leaves standing.
pub fn price(plan: &Plan, load: &Load, prices: &Prices) -> Result<Bill, CostError> {
    let mut pricing = Pricing { plan, load: *load, prices, bill: Bill::default() };
    for resource in &plan.resources {
        pricing.resource(resource)?;
    }
    pricing.bill.lines.retain(|line| line.usd.high > 0.0);
    Ok(pricing.bill)
}

struct Pricing<'a> {
    plan: &'a Plan,
    load: Load,
    prices: &'a Prices,
    bill: Bill,
}

impl Pricing<'_> {
    fn line(&mut self, of: &Resource, item: &str, quantity: Range) -> Result<(), CostError> {
        let usd = quantity * self.prices.get(item)?.usd;
        self.bill.lines.push(Line {
            address: of.address.clone(),
            module: of.module().to_owned(),
            item: item.to_owned(),
            quantity,
            usd,
        });
        Ok(())
    }

    fn fixed(&mut self, of: &Resource, item: &str, quantity: f64) -> Result<(), CostError> {
        self.line(of, item, Range::fixed(quantity))
    }

    fn resource(&mut self, it: &Resource) -> Result<(), CostError> {
        match it.kind.as_str() {
            "aws_autoscaling_group" => self.group(it),
            "aws_instance" => {
                self.fixed(it, &format!("ec2.{}", it.text("instance_type")?), HOURS)?;
                self.fixed(it, "ebs.gp3", it.within(&["root_block_device", "volume_size"])?)
            }
            "aws_nat_gateway" => {
                self.fixed(it, "nat.gateway", HOURS)?;
                let share = 1.0 / count(self.plan.of("aws_nat_gateway").count());
                self.line(it, "nat.data", self.load.nat_gb() * share)
            }
            "aws_eip" => self.fixed(it, "ipv4", HOURS),
            "aws_lb" => self.balancer(it),
            "aws_db_instance" => self.database(it),
            "aws_db_instance_automated_backups_replication" => {
                self.line(it, "rds.snapshot", Range::new(5.0, 20.0, 100.0))?;
                self.line(it, "transfer.region", Range::new(2.0, 15.0, 60.0))
            }
            "aws_s3_bucket" => self.bucket(it),
            "aws_cloudwatch_log_group" => {
                let name = it.text("name")?;
                let group = name.rsplit('/').next().unwrap_or(name);
                let gb = self.load.log_gb(group, self.logs_all_statements());
                self.line(it, "cloudwatch.logs", gb)
            }
            "aws_cloudwatch_metric_alarm" => {
                // One that watches a band is billed for each of its three metrics.
                let metrics = if it.count("metric_query") > 0 { 3.0 } else { 1.0 };
                self.fixed(it, "cloudwatch.alarm", metrics)
            }
            "aws_cloudwatch_dashboard" => self.fixed(it, "cloudwatch.dashboard", 1.0),
            "aws_secretsmanager_secret" => self.fixed(it, "secret", 1.0),
            "aws_route53_zone" => {
                self.fixed(it, "route53.zone", 1.0)?;
                self.line(it, "route53.queries", self.load.million_requests() * 0.1)
            }
            "aws_wafv2_web_acl" => {
                self.fixed(it, "waf.acl", 1.0)?;
                self.fixed(it, "waf.rule", count(it.count("rule")))?;
                self.line(it, "waf.requests", self.load.million_requests())
            }
            "aws_cloudfront_distribution" => {
                self.line(it, "cloudfront.data", self.load.sent_gb())?;
                self.line(it, "cloudfront.requests", self.load.million_requests())
            }
            "aws_elasticache_replication_group" => {
                let nodes = it.number("num_cache_clusters")?;
                self.fixed(it, it.text("node_type")?, nodes * HOURS)
            }
            "aws_kms_key" => self.fixed(it, "kms.key", 1.0),
            "aws_backup_vault" => {
                let gb = self.load.pictures_gb;
                self.line(it, "backup.gb", Range::new(gb, gb * 1.5 + 20.0, gb * 3.0 + 100.0))
            }
            "aws_ecs_cluster" => self.line(it, "cloudwatch.metric", Range::new(8.0, 20.0, 40.0)),
            "aws_ecs_service" => self.service(it),
            "aws_codepipeline" => self.fixed(it, "codepipeline", 1.0),
            "aws_codebuild_project" => self.line(it, "codebuild", Range::new(0.0, 240.0, 2000.0)),
            "aws_sesv2_email_identity" => {
                let thousand_mails = Range::new(1.0, 3.0, 6.0) * (self.load.orders / 1000.0);
                self.line(it, "ses.mail", thousand_mails)
            }
            "aws_vpc_endpoint" if it.text("vpc_endpoint_type")? == "Gateway" => Ok(()),
            "aws_vpc_endpoint" => {
                let zones = count(self.subnets("private"));
                self.fixed(it, "endpoint", zones * HOURS)
            }
            free if FREE.contains(&free) => Ok(()),
            unknown => Err(CostError::UnknownType(unknown.to_owned())),
        }
    }

    fn group(&mut self, it: &Resource) -> Result<(), CostError> {
        let (least, wanted, most) =
            (it.number("min_size")?, it.number("desired_capacity")?, it.number("max_size")?);
        // As many as wanted, save that a quarter of the reserve may run all month.
        let running = Range::new(least, wanted, wanted + (most - wanted) / 4.0);
        let template = self.plan.of("aws_launch_template").next();
        let template = template.ok_or(CostError::Missing {
            address: it.address.clone(),
            attribute: "launch_template",
        })?;
        let size = template.within(&["block_device_mappings", "ebs", "volume_size"])?;
        let item = format!("ec2.{}", template.text("instance_type")?);
        self.line(it, &item, running * HOURS)?;
        let waiting = it.within(&["warm_pool", "min_size"]).unwrap_or_default();
        self.line(it, "ebs.gp3", (running + Range::fixed(waiting)) * size)?;
        // The agent's memory and disk of each, and what the shop says of itself for all together.
        let own = if wanted > 0.0 { 4.0 } else { 0.0 };
        let detailed = if template.is_within(&["monitoring", "enabled"]) { 7.0 } else { 0.0 };
        self.line(it, "cloudwatch.metric", running * (detailed + 2.0) + Range::fixed(own))
    }

    fn balancer(&mut self, it: &Resource) -> Result<(), CostError> {
        self.fixed(it, "alb", HOURS)?;
        self.line(it, "alb.lcu", self.load.sent_gb())?;
        self.fixed(it, "ipv4", count(self.subnets("public")) * HOURS)?;
        // What CloudFront fetches leaves AWS there, and is billed there.
        if self.plan.of("aws_cloudfront_distribution").next().is_none() {
            self.line(it, "egress", self.load.billed_egress_gb())?;
        }
        Ok(())
    }

    fn database(&mut self, it: &Resource) -> Result<(), CostError> {
        let copies = if it.is("multi_az") { 2.0 } else { 1.0 };
        let item = format!("rds.{}", it.text("instance_class")?);
        self.fixed(it, &item, copies * HOURS)?;
        // Standard support of this version ended with July 2026; the classes that have prices have two
        // processors.
        if it.text("engine_version")?.starts_with("8.0") {
            self.fixed(it, "rds.extended", copies * 2.0 * HOURS)?;
        }
        let gb = it.number("allocated_storage")?;
        let most = it.number("max_allocated_storage").unwrap_or(gb).max(gb);
        // It grows by itself when it fills, which a year of orders at this load does not do.
        let grown = Range::new(gb, gb, gb + (most - gb) / 4.0);
        self.line(it, "rds.gp3", grown * copies)?;
        if it.is("manage_master_user_password") {
            self.fixed(it, "secret", 1.0)?;
        }
        Ok(())
    }

    fn bucket(&mut self, it: &Resource) -> Result<(), CostError> {
        let pictures = self.load.pictures_gb;
        if it.address.contains("dr_region") {
            self.line(it, "s3.standard", Range::new(pictures, pictures * 1.1, pictures * 2.0))?;
            let changed = Range::new(0.5, 2.0, pictures);
            return self.line(it, "transfer.region", changed);
        }
        if it.address.contains("media") {
            // Old versions, until they are deleted.
            self.line(it, "s3.standard", Range::new(pictures, pictures * 1.2, pictures * 2.0))?;
            self.line(it, "s3.get", self.load.million_requests() * 0.5)?;
            return self.line(it, "s3.put", Range::new(0.001, 0.01, 0.1));
        }
        // Access logs, artifacts: a file every five minutes and a line for each request.
        let gb = Range::new(0.1, 0.5, 5.0) + self.load.million_requests() * 0.3;
        self.line(it, "s3.standard", gb)
    }

    fn service(&mut self, it: &Resource) -> Result<(), CostError> {
        let wanted = it.number("desired_count")?;
        let scaling = self.plan.of("aws_appautoscaling_target").next();
        let most = scaling.map_or(Ok(wanted), |scaling| scaling.number("max_capacity"))?;
        let running = Range::new(wanted, wanted, wanted + (most - wanted) / 4.0);
        let task = self.plan.of("aws_ecs_task_definition").next();
        let task = task.ok_or(CostError::Missing {
            address: it.address.clone(),
            attribute: "task_definition",
        })?;
        let is_arm = task.inside_text(&["runtime_platform", "cpu_architecture"]) == Some("ARM64");
        let processor = if is_arm { "arm" } else { "x86" };
        let vcpus = task.number("cpu")? / 1024.0;
        let gb = task.number("memory")? / 1024.0;
        self.line(it, &format!("fargate.{processor}.vcpu"), running * (vcpus * HOURS))?;
        self.line(it, &format!("fargate.{processor}.gb"), running * (gb * HOURS))
    }

    fn subnets(&self, kind: &str) -> usize {
        let part = format!("aws_subnet.{kind}[");
        self.plan.of("aws_subnet").filter(|it| it.address.contains(&part)).count()
    }

    fn logs_all_statements(&self) -> bool {
        self.plan
            .of("aws_db_parameter_group")
            .any(|group| group.has_entry("parameter", &[("name", "general_log"), ("value", "1")]))
    }
}

fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}
